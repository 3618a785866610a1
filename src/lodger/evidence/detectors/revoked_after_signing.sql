-- Signed at a known time before the revocation holds: the signature itself still counts.
SELECT stay_id, first_said AS first, last_said AS last, refs, observations AS records,
    COALESCE(loads || ', ', '') || 'signed by ' || COALESCE(signer, 'an unknown signer') || ' on ' || CAST(CAST(signed_at AS DATE) AS VARCHAR) || ', before it was revoked' || COALESCE(' from ' || CAST(CAST(valid_from AS DATE) AS VARCHAR), '') || ' (' || source || COALESCE(', ' || detail, '') || '), learned ' || CAST(CAST(known_from AS DATE) AS VARCHAR) AS what
FROM touched
WHERE stay_id IS NOT NULL AND kind = 'revoked' AND basis IN (2, 3) AND role <> 'place' AND signed_at < valid_from
QUALIFY row_number() OVER (PARTITION BY stay_id ORDER BY basis, valid_from, statement) = 1
