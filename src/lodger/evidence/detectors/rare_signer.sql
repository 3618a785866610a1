-- A valid signature by somebody whom this fleet hardly knows, and nobody called good.
WITH own AS (
    SELECT host, program, signer, max(last_said) AS last_said
    FROM signature
    WHERE is_signed AND signer IS NOT NULL AND (role IN ('image', 'driver') OR role = 'module' AND place NOT IN ('system', 'programs'))
    GROUP BY host, program, signer
),
latest AS (
    SELECT * FROM own QUALIFY row_number() OVER (PARTITION BY host, program ORDER BY last_said DESC, signer) = 1
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
rare AS (
    SELECT k.signer, COUNT(DISTINCT k.host) AS hosts, COUNT(DISTINCT k.program) AS programs, max(f.hosts) AS fleet_hosts
    FROM latest AS k
    CROSS JOIN fleet AS f
    WHERE f.hosts >= 5
    GROUP BY k.signer
    HAVING COUNT(DISTINCT k.program) <= 3 AND COUNT(DISTINCT k.host) <= greatest(1, max(f.hosts) / 50)
)
SELECT s.stay_id, min(g.first_said) AS first, max(g.last_said) AS last, array_slice(list_sort(list(DISTINCT g.ref)), 1, 20) AS refs,
    COUNT(DISTINCT g.ref) AS records, l.signer, max(r.programs) AS programs, max(r.hosts) AS hosts, max(r.fleet_hosts) AS fleet_hosts
FROM rare AS r
JOIN latest AS l ON l.signer = r.signer
JOIN stay AS s ON s.host = l.host AND s.program = l.program
JOIN signature AS g ON g.host = l.host AND g.program = l.program AND g.signer = l.signer
WHERE g.is_signed AND (g.role IN ('image', 'driver') OR g.role = 'module' AND g.place NOT IN ('system', 'programs'))
    AND NOT EXISTS (SELECT 1 FROM trusted_signer AS t WHERE t.signer = lower(l.signer))
GROUP BY s.stay_id, l.signer
