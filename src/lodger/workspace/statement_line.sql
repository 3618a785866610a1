-- The statements that speak of a stay: when they were learned, and when they hold from.
SELECT
    t.stay_id, t.known_from, t.valid_from,
    CASE
        WHEN t.kind = 'revoked' THEN 'signer revoked'
        WHEN t.kind = 'abused' THEN 'signer reported abused'
        WHEN t.kind = 'distrusted' THEN 'issuer distrusted'
        ELSE 'file listed as ' || t.kind
    END
        || CASE WHEN t.basis = 5 THEN ', by name alone' WHEN t.kind = 'abused' AND (t.shared OR t.common) THEN ', but it also signs good software' ELSE '' END
        || ' (' || t.source || COALESCE(', ' || t.detail, '') || ')' AS word
FROM touched AS t
WHERE t.stay_id IS NOT NULL
