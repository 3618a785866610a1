-- Signers whom the fleet's own people called good, and nobody has called anything else since.
SELECT DISTINCT lower(t.signer) AS signer
FROM statement AS t
WHERE t.kind = 'trusted' AND t.signer IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM statement AS b
        WHERE lower(b.signer) = lower(t.signer) AND b.kind IN ('revoked', 'abused', 'distrusted') AND b.known_from > t.known_from
    )
