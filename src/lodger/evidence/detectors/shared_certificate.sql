-- The certificate is marked as shared, or signs more than five programs of this fleet: that convicts nobody.
SELECT stay_id, first_said AS first, last_said AS last, refs, observations AS records,
    COALESCE(loads || ', ', '') || 'signed by ' || COALESCE(signer, 'an unknown signer') || ', reported' || COALESCE(' from ' || CAST(CAST(valid_from AS DATE) AS VARCHAR), '') || ' (' || source || COALESCE(', ' || detail, '') || '), learned ' || CAST(CAST(known_from AS DATE) AS VARCHAR) || '; it also signs good software, so this alone says little' AS what
FROM touched
WHERE stay_id IS NOT NULL AND kind = 'abused' AND basis IN (2, 3) AND role <> 'place' AND (shared OR common)
QUALIFY row_number() OVER (PARTITION BY stay_id ORDER BY basis, valid_from, statement) = 1
