-- A program that exactly one host has, arriving when the fleet had been watched on at least seven days before. Silent in fleets of fewer
-- than five hosts, where everything is on few.
WITH fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
watched AS (
    SELECT day, row_number() OVER (ORDER BY day) - 1 AS days_before FROM program_day GROUP BY day
),
spread AS (
    SELECT program, COUNT(DISTINCT host) AS hosts FROM stay GROUP BY program
)
SELECT s.stay_id, s.first_seen AS first, s.first_seen AS last, list(s.ref) AS refs, COUNT(*) AS records,
    max(f.hosts) AS fleet_hosts, max(w.days_before) AS watched_days
FROM stay AS s
JOIN spread AS n ON n.program = s.program
JOIN watched AS w ON w.day = CAST(s.first_seen AS DATE)
CROSS JOIN fleet AS f
WHERE n.hosts = 1 AND f.hosts >= 5 AND s.kind <> 'network' AND s.place <> 'system' AND w.days_before >= 7
GROUP BY s.stay_id, s.first_seen
