-- Reported by certificate or by name; a certificate that also signs good software is another question.
SELECT stay_id, first_said AS first, last_said AS last, refs, observations AS records,
    COALESCE(loads || ', ', '') || 'signed by ' || COALESCE(signer, 'an unknown signer') || ', reported abused' || COALESCE(' from ' || CAST(CAST(valid_from AS DATE) AS VARCHAR), '') || ' (' || source || COALESCE(', ' || detail, '') || '), learned ' || CAST(CAST(known_from AS DATE) AS VARCHAR) AS what
FROM touched
WHERE stay_id IS NOT NULL AND kind = 'abused' AND basis IN (2, 3) AND role <> 'place' AND NOT shared AND NOT common
QUALIFY row_number() OVER (PARTITION BY stay_id ORDER BY basis, valid_from, statement) = 1
