-- How many hosts and programs go to each place themselves, since which day: a place is rare where one program on at most one host in fifty does
-- (at least one).
WITH program AS (
    SELECT DISTINCT stay_id, program FROM program_day
),
spread AS (
    SELECT c.destination, COUNT(DISTINCT c.host) AS hosts, COUNT(DISTINCT p.program) AS programs, min(c.day) AS since
    FROM contact_day AS c
    JOIN program AS p ON p.stay_id = c.stay_id
    WHERE c.own
    GROUP BY c.destination
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT s.destination, s.hosts, s.programs, s.since, f.hosts AS fleet_hosts, s.programs <= 1 AND s.hosts <= greatest(1, f.hosts / 50) AS rare
FROM spread AS s
CROSS JOIN fleet AS f
