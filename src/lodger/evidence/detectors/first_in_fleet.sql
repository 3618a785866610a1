-- A program that exactly one host has, arriving when the fleet had been watched for at least a week. Silent in fleets of fewer than five hosts, where everything is on few.
WITH fleet AS (
    SELECT COUNT(*) AS hosts, min(first_heard) AS since FROM host_span
),
spread AS (
    SELECT program, COUNT(DISTINCT host) AS hosts, min(first_seen) AS first_seen FROM stay GROUP BY program
)
SELECT s.stay_id, s.first_seen AS first, s.first_seen AS last, list_sort(list(DISTINCT p.ref)) AS refs, COUNT(DISTINCT p.ref) AS records,
    max(f.hosts) AS fleet_hosts, max(date_diff('day', CAST(f.since AS DATE), CAST(s.first_seen AS DATE))) AS watched_days
FROM stay AS s
JOIN spread AS n ON n.program = s.program
CROSS JOIN fleet AS f
LEFT JOIN (
    SELECT host, program, min(ref) AS ref FROM (
        SELECT l.host, l.program, p.ref FROM lineage AS l JOIN process AS p ON p.host = l.host AND p.uid = l.uid AND p.ref IS NOT NULL
        UNION ALL
        SELECT host, program, ref FROM signature
    ) AS refs GROUP BY host, program
) AS p ON p.host = s.host AND p.program = s.program
WHERE n.hosts = 1 AND f.hosts >= 5 AND s.kind <> 'network' AND s.first_seen >= f.since + INTERVAL 7 DAY AND s.place <> 'system'
GROUP BY s.stay_id, s.first_seen
