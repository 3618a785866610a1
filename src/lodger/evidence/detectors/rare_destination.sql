-- Destinations of one program only, on at most one host in fifty (at least one).
WITH spread AS (
    SELECT c.destination, COUNT(DISTINCT c.host) AS hosts, COUNT(DISTINCT s.program) AS programs
    FROM contact_day AS c JOIN stay AS s ON s.stay_id = c.stay_id
    WHERE c.own
    GROUP BY c.destination
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT c.stay_id, min(c.times[1]) AS first, max(c.times[1]) AS last, array_slice(list_sort(list(DISTINCT c.ref)), 1, 20) AS refs,
    CAST(sum(c.contacts) AS BIGINT) AS records, list_sort(list(DISTINCT c.destination)) AS places, max(p.hosts) AS hosts, max(f.hosts) AS fleet_hosts
FROM contact_day AS c
JOIN spread AS p ON p.destination = c.destination
CROSS JOIN fleet AS f
WHERE p.programs <= 1 AND p.hosts <= greatest(1, f.hosts / 50)
GROUP BY c.stay_id
