-- A valid signature by somebody whom this fleet hardly knows, and nobody called good.
WITH own AS (
    SELECT host, program, signer, min(first_said) AS first_said, max(last_said) AS last_said, list_sort(list(DISTINCT ref)) AS refs
    FROM signature
    WHERE is_signed AND signer IS NOT NULL AND (role IN ('image', 'driver') OR role = 'module' AND place NOT IN ('system', 'programs'))
    GROUP BY host, program, signer
),
latest AS (
    SELECT * FROM own QUALIFY row_number() OVER (PARTITION BY host, program ORDER BY last_said DESC, signer) = 1
),
known AS (
    SELECT signer, COUNT(DISTINCT host) AS hosts, COUNT(DISTINCT program) AS programs FROM latest GROUP BY signer
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT s.stay_id, g.first_said AS first, g.last_said AS last, array_slice(g.refs, 1, 20) AS refs, array_length(g.refs) AS records,
    g.signer, k.programs, k.hosts, f.hosts AS fleet_hosts
FROM stay AS s
JOIN latest AS g ON g.host = s.host AND g.program = s.program
JOIN known AS k ON k.signer = g.signer
CROSS JOIN fleet AS f
WHERE k.programs <= 3 AND k.hosts <= greatest(1, f.hosts / 50) AND f.hosts >= 5
    AND NOT EXISTS (SELECT 1 FROM trusted_signer AS t WHERE t.signer = lower(g.signer))
