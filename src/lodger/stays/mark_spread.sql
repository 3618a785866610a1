-- How far each mark is spread: hosts, programs and days that show it, since when, and how many days with marks of its kind there were before.
-- It is rare where one program on at most one host in fifty shows it, on two days or more. Nothing is where fewer than five hosts
-- show any of its kind: everything is on few. What only the network saw is one program, whatever it calls itself.
WITH watched AS (
    SELECT kind, day, row_number() OVER (PARTITION BY kind ORDER BY day) - 1 AS days_before
    FROM (SELECT DISTINCT kind, day FROM client_mark) AS days
),
spread AS (
    SELECT kind, mark, COUNT(DISTINCT host) AS hosts, COUNT(DISTINCT day) AS days, min(day) AS since,
        COUNT(DISTINCT CASE WHEN kind = 'agent' AND program LIKE 'network: agent %' THEN 'network' ELSE program END) AS programs
    FROM client_mark
    GROUP BY kind, mark
),
fleet AS (
    SELECT kind, COUNT(DISTINCT host) AS hosts FROM client_mark GROUP BY kind
)
SELECT s.kind, s.mark, s.hosts, s.programs, s.days, CAST(s.since AS VARCHAR) AS since, w.days_before, f.hosts AS fleet_hosts,
    s.programs = 1 AND s.days >= 2 AND f.hosts >= 5 AND s.hosts <= greatest(1, f.hosts / 50) AS rare
FROM spread AS s
JOIN fleet AS f ON f.kind = s.kind
JOIN watched AS w ON w.kind = s.kind AND w.day = s.since
