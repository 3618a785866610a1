-- How many hosts and programs go to each place themselves, since which day: a place is rare where one program on at most one host in fifty does
-- (at least one), and is no file share of the house.
WITH spread AS (
    SELECT destination, COUNT(DISTINCT host) AS hosts, COUNT(DISTINCT program) AS programs, min(since) AS since
    FROM contact_pair
    WHERE own AND NOT called
    GROUP BY destination
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT s.destination, s.hosts, s.programs, s.since, f.hosts AS fleet_hosts,
    s.programs <= 1 AND s.hosts <= greatest(1, f.hosts / 50) AND h.destination IS NULL AS rare
FROM spread AS s
CROSS JOIN fleet AS f
LEFT JOIN file_share AS h ON h.destination = s.destination
