-- A signer whose first word in the whole fleet comes at least a week after the first host was heard, on one host alone, and whom nobody
-- called good. Silent in fleets of fewer than five hosts, where every program brings its own signer.
WITH met AS (
    SELECT lower(signer) AS signer, min(first_said) AS since, COUNT(DISTINCT host) AS hosts
    FROM signature
    WHERE is_signed AND signer IS NOT NULL AND role <> 'place'
    GROUP BY lower(signer)
),
fleet AS (
    SELECT COUNT(*) AS hosts, min(first_heard) AS begin FROM host_span
)
SELECT s.stay_id, min(g.first_said) AS first, max(g.last_said) AS last, array_slice(list_sort(list(DISTINCT g.ref)), 1, 20) AS refs,
    COUNT(DISTINCT g.ref) AS records, min(g.signer) AS signer, date_diff('day', CAST(min(f.begin) AS DATE), CAST(min(m.since) AS DATE)) AS days
FROM stay AS s
JOIN signature AS g ON g.host = s.host AND g.program = s.program
JOIN met AS m ON m.signer = lower(g.signer)
CROSS JOIN fleet AS f
WHERE g.is_signed AND g.role <> 'place' AND m.hosts = 1 AND f.hosts >= 5 AND m.since >= f.begin + INTERVAL 7 DAY
    AND NOT EXISTS (SELECT 1 FROM trusted_signer AS t WHERE t.signer = lower(g.signer))
GROUP BY s.stay_id
