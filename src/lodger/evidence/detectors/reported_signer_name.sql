-- The telemetry tells the name alone.
SELECT stay_id, first_said AS first, last_said AS last, refs, observations AS records,
    COALESCE(loads || ', ', '') || 'signed by ' || COALESCE(signer, 'an unknown signer') || ', the name of one ' || CASE WHEN kind = 'revoked' THEN 'revoked' ELSE 'reported abused' END || COALESCE(' from ' || CAST(CAST(valid_from AS DATE) AS VARCHAR), '') || ' (' || source || COALESCE(', ' || detail, '') || '), learned ' || CAST(CAST(known_from AS DATE) AS VARCHAR) || '; which certificate is not told: get the file' AS what
FROM touched
WHERE stay_id IS NOT NULL AND kind IN ('abused', 'revoked') AND basis = 5 AND NOT shared
QUALIFY row_number() OVER (PARTITION BY stay_id ORDER BY basis, valid_from, statement) = 1
