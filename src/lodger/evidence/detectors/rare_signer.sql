-- A valid signature by somebody whom this fleet hardly knows.
WITH known AS (
    SELECT signer, COUNT(DISTINCT host) AS hosts, COUNT(DISTINCT program) AS programs
    FROM program_signature WHERE signer IS NOT NULL GROUP BY signer
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT s.stay_id, g.first_said AS first, g.last_said AS last, list_sort(list(DISTINCT g.ref)) AS refs, COUNT(DISTINCT g.ref) AS records,
    min(g.signer) AS signer, max(k.programs) AS programs, max(k.hosts) AS hosts, max(f.hosts) AS fleet_hosts
FROM stay AS s
JOIN program_signature AS g ON g.host = s.host AND g.program = s.program
JOIN known AS k ON k.signer = g.signer
CROSS JOIN fleet AS f
WHERE g.is_signed AND k.programs <= 3 AND k.hosts <= greatest(1, f.hosts / 50) AND f.hosts >= 5
GROUP BY s.stay_id, g.first_said, g.last_said
