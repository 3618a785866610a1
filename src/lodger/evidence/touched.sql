-- What each statement that is known speaks of, among all that was ever seen signed: by stay, or by host alone where no stay has the file.
--   basis   1 file         a hash of the file itself
--           2 certificate  serial number (and issuer, where both tell it) or thumbprint of the signer's certificate
--           3 signer       the statement is about a name, and the signer bears it
--           4 issuer       the statement is about an issuer, and the certificate is from there
--           5 name         the statement is about a certificate, of which the telemetry tells the signer's name alone: one of that name's
--                          may be meant, so it counts only where the fleet hardly knows the name, not before the certificate began, and
--                          not where that certificate signs good software too
--   common  the signer signs more than five programs of this fleet
WITH spread AS (
    SELECT lower(signer) AS signer, COUNT(DISTINCT program) AS programs
    FROM signature WHERE signer IS NOT NULL AND role <> 'place' GROUP BY lower(signer)
),
known AS (
    SELECT * FROM statement WHERE kind NOT IN ('trusted', 'withdrawn')
),
matched AS (
    SELECT s.id, 1 AS basis, g.*
    FROM known AS s JOIN signature AS g ON g.sha256 = s.sha256
    UNION ALL
    SELECT s.id, 1, g.*
    FROM known AS s JOIN signature AS g ON g.sha1 = s.sha1
    UNION ALL
    SELECT s.id, 1, g.*
    FROM known AS s JOIN signature AS g ON g.md5 = s.md5
    UNION ALL
    SELECT s.id, 1, g.*
    FROM known AS s JOIN signature AS g ON g.authentihash = s.authentihash
    UNION ALL
    SELECT s.id, 2, g.*
    FROM known AS s JOIN signature AS g ON g.thumbprint = s.thumbprint
    UNION ALL
    SELECT s.id, 2, g.*
    FROM known AS s JOIN signature AS g ON g.serial = s.serial AND COALESCE(lower(g.issuer) = lower(s.issuer), TRUE)
    UNION ALL
    SELECT s.id, CASE WHEN s.serial IS NULL AND s.thumbprint IS NULL THEN 3 ELSE 5 END, g.*
    FROM known AS s
    JOIN signature AS g ON lower(g.signer) = lower(s.signer)
    JOIN spread AS p ON p.signer = lower(g.signer)
    WHERE g.role <> 'place' AND g.is_signed AND COALESCE(lower(g.issuer) = lower(s.issuer), TRUE)
        AND (s.serial IS NULL AND s.thumbprint IS NULL
            OR (s.serial IS NULL OR g.serial IS NULL) AND (s.thumbprint IS NULL OR g.thumbprint IS NULL) AND p.programs <= 5 AND NOT COALESCE(s.shared, FALSE)
            AND COALESCE(s.valid_from <= g.last_said OR s.kind = 'revoked', TRUE))
    UNION ALL
    SELECT s.id, 4, g.*
    FROM known AS s JOIN signature AS g ON lower(g.issuer) = lower(COALESCE(s.signer, s.issuer))
    WHERE s.kind = 'distrusted'
),
-- Several hashes of a file, and its certificate too, may lead to the same records: those count once, for the best of the reasons.
nearest AS (
    SELECT *, row_number() OVER (PARTITION BY id, host, program, place, role, by_program, sensor, ref ORDER BY basis) AS nth
    FROM matched
),
summed AS (
    SELECT
        id, host, COALESCE(by_program, program) AS program, min(basis) AS basis, min(CASE WHEN by_program IS NOT NULL THEN 'loads ' || path END) AS loads,
        min(path) AS path, min(signer) AS signer, max(role) AS role, min(signed_at) AS signed_at, min(first_said) AS first_said,
        max(last_said) AS last_said, CAST(sum(observations) AS BIGINT) AS observations,
        array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs
    FROM nearest
    WHERE nth = 1
    GROUP BY id, host, COALESCE(by_program, program)
)
SELECT
    m.host, m.program, y.stay_id, m.path, m.loads, m.signer, m.role, m.basis, m.signed_at, m.first_said, m.last_said, m.observations, m.refs,
    s.id AS statement, s.kind, s.source, s.detail, s.valid_from, s.known_from, COALESCE(s.shared, FALSE) AS shared, COALESCE(p.programs > 5, FALSE) AS common
FROM summed AS m
JOIN known AS s ON s.id = m.id
LEFT JOIN stay AS y ON y.host = m.host AND y.program = m.program
LEFT JOIN spread AS p ON p.signer = lower(m.signer)
