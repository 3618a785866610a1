-- Both times are told rarely: when it was built, by who saw it go by; when it was signed, by whoever checks signatures on the host. The file is
-- the same by its hash. Reproducible builds write a hash where the time stood: what lies outside of 1995 and the day it was seen says nothing.
WITH built AS (
    SELECT COALESCE(sha256, sha1, md5) AS file, min(compiled) AS compiled, min(ref) AS ref
    FROM signature
    WHERE compiled IS NOT NULL AND compiled >= TIMESTAMP '1995-01-01 00:00:00' AND compiled <= first_said
    GROUP BY COALESCE(sha256, sha1, md5)
),
signed AS (
    SELECT host, program, sha256, sha1, md5, min(signed_at) AS signed_at, min(first_said) AS first_said, max(last_said) AS last_said, min(ref) AS ref
    FROM signature
    WHERE signed_at IS NOT NULL AND role IN ('image', 'driver')
    GROUP BY host, program, sha256, sha1, md5
)
SELECT s.stay_id, min(g.first_said) AS first, max(g.last_said) AS last, list_sort(list_distinct(list_concat(list(DISTINCT g.ref), list(DISTINCT b.ref)))) AS refs,
    COUNT(DISTINCT g.ref) + COUNT(DISTINCT b.ref) AS records, CAST(CAST(min(b.compiled) AS DATE) AS VARCHAR) AS compiled, CAST(CAST(min(g.signed_at) AS DATE) AS VARCHAR) AS signed
FROM stay AS s
JOIN signed AS g ON g.host = s.host AND g.program = s.program
JOIN built AS b ON b.file IN (g.sha256, g.sha1, g.md5)
WHERE b.compiled > g.signed_at + INTERVAL 1 DAY OR b.compiled < g.signed_at - INTERVAL 1826 DAY
GROUP BY s.stay_id
