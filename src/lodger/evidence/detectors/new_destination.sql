-- Places of one program on at most one host in fifty, first gone to after the fleet's contacts had been watched on seven days (days without
-- a record do not count), and on three days or more, by a program that had talked in the fleet for a week itself: a new program's places are new,
-- and that it is new is another question's.
WITH watched AS (
    SELECT day, row_number() OVER (ORDER BY day) - 1 AS days_before FROM (SELECT DISTINCT day FROM contact_day) AS days
),
spread AS (
    SELECT c.destination, COUNT(DISTINCT c.host) AS hosts, COUNT(DISTINCT s.program) AS programs, COUNT(DISTINCT c.day) AS days, min(c.day) AS since
    FROM contact_day AS c JOIN stay AS s ON s.stay_id = c.stay_id
    WHERE c.own
    GROUP BY c.destination
),
known AS (
    SELECT s.program, min(c.day) AS since FROM contact_day AS c JOIN stay AS s ON s.stay_id = c.stay_id WHERE c.own GROUP BY s.program
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT c.stay_id, min(c.times[1]) AS first, max(c.times[1]) AS last, array_slice(list_sort(list(DISTINCT c.ref)), 1, 20) AS refs,
    CAST(sum(c.contacts) AS BIGINT) AS records, list_sort(list(DISTINCT c.destination)) AS places, COUNT(DISTINCT c.day) AS days,
    min(w.days_before) AS days_before, max(p.hosts) AS hosts, max(f.hosts) AS fleet_hosts, CAST(min(p.since) AS VARCHAR) AS since
FROM contact_day AS c
JOIN spread AS p ON p.destination = c.destination
JOIN watched AS w ON w.day = p.since
JOIN stay AS s ON s.stay_id = c.stay_id
JOIN known AS k ON k.program = s.program AND p.since >= k.since + INTERVAL 7 DAY
CROSS JOIN fleet AS f
WHERE p.programs <= 1 AND p.hosts <= greatest(1, f.hosts / 50) AND p.days >= 3 AND w.days_before >= 7
GROUP BY c.stay_id
