-- A statement that the signer was revoked, by certificate or by name; a signature with a known time before that day is another question.
SELECT stay_id, first_said AS first, last_said AS last, refs, observations AS records,
    COALESCE(loads || ', ', '') || 'signed by ' || COALESCE(signer, 'an unknown signer') || ', revoked' || COALESCE(' from ' || CAST(CAST(valid_from AS DATE) AS VARCHAR), '') || ' (' || source || COALESCE(', ' || detail, '') || '), learned ' || CAST(CAST(known_from AS DATE) AS VARCHAR) || CASE WHEN signed_at IS NULL THEN '; no time of signing is known, so nothing that it signed counts' ELSE '; signed on ' || CAST(CAST(signed_at AS DATE) AS VARCHAR) || ', after that' END AS what
FROM touched
WHERE stay_id IS NOT NULL AND kind = 'revoked' AND basis IN (2, 3) AND role <> 'place' AND NOT COALESCE(signed_at < valid_from, FALSE)
QUALIFY row_number() OVER (PARTITION BY stay_id ORDER BY basis, valid_from, statement) = 1
