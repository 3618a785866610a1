-- A statement about the issuer.
SELECT stay_id, first_said AS first, last_said AS last, refs, observations AS records,
    COALESCE(loads || ', ', '') || 'signed by ' || COALESCE(signer, 'an unknown signer') || ', whose issuer is distrusted' || COALESCE(' from ' || CAST(CAST(valid_from AS DATE) AS VARCHAR), '') || ' (' || source || COALESCE(', ' || detail, '') || '), learned ' || CAST(CAST(known_from AS DATE) AS VARCHAR) AS what
FROM touched
WHERE stay_id IS NOT NULL AND kind = 'distrusted' AND role <> 'place'
QUALIFY row_number() OVER (PARTITION BY stay_id ORDER BY basis, valid_from, statement) = 1
