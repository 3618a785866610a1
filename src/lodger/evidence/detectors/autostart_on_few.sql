-- Entries that start a program that few hosts have, more than make it rare (autostart_entry), made on all of them within a fortnight. A rollout
-- that has only begun looks the same: only hosts count that were heard until a week after the last entry, and before the first.
WITH made AS (
    SELECT host, program, kind, name, time, ref
    FROM entry
    WHERE activity_name = 'Create' AND program IS NOT NULL
),
spread AS (
    SELECT program, COUNT(DISTINCT host) AS hosts, min(time) AS since, max(time) AS until FROM made GROUP BY program
),
present AS (
    SELECT program, COUNT(DISTINCT host) AS hosts FROM stay GROUP BY program
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
few AS (
    SELECT p.program, max(p.hosts) AS hosts, min(p.since) AS since, max(p.until) AS until, max(f.hosts) AS fleet_hosts
    FROM spread AS p
    JOIN present AS n ON n.program = p.program
    CROSS JOIN fleet AS f
    JOIN host_span AS h ON h.first_heard <= p.since AND h.last_heard >= p.until + INTERVAL 7 DAY
    WHERE f.hosts >= 20 AND p.hosts > greatest(1, f.hosts / 50) AND n.hosts <= greatest(5, f.hosts / 10)
        AND p.until <= p.since + INTERVAL 14 DAY
    GROUP BY p.program
    HAVING COUNT(*) >= greatest(20, 0.8 * max(f.hosts))
)
SELECT s.stay_id, min(m.time) AS first, max(m.time) AS last, array_slice(list_sort(list(DISTINCT m.ref)), 1, 20) AS refs, COUNT(DISTINCT m.ref) AS records,
    min(m.kind) AS kind, list_sort(list(DISTINCT m.name)) AS entries, max(w.hosts) AS hosts, max(w.fleet_hosts) AS fleet_hosts,
    CAST(CAST(min(w.since) AS DATE) AS VARCHAR) AS since, CAST(CAST(max(w.until) AS DATE) AS VARCHAR) AS until
FROM few AS w
JOIN stay AS s ON s.program = w.program
JOIN made AS m ON m.host = s.host AND m.program = s.program
GROUP BY s.stay_id
