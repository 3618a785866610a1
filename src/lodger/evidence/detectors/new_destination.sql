-- Places of one program on at most one host in fifty, first gone to after the fleet's contacts had been watched on seven days (days without
-- a record do not count), and on three days or more, by a program that had talked in the fleet for a week itself: a new program's places are new,
-- and that it is new is another question's. Not what machines of the house share with each other.
WITH watched AS (
    SELECT day, row_number() OVER (ORDER BY day) - 1 AS days_before FROM (SELECT DISTINCT day FROM contact_day) AS days
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
spread AS (
    SELECT c.destination, COUNT(DISTINCT c.host) AS hosts, COUNT(DISTINCT s.program) AS programs, min(c.since) AS since
    FROM contact_pair AS c JOIN stay AS s ON s.stay_id = c.stay_id
    WHERE c.own AND NOT c.called
    GROUP BY c.destination
),
fresh AS (
    SELECT p.destination, p.hosts, p.since, w.days_before, f.hosts AS fleet_hosts
    FROM spread AS p
    JOIN watched AS w ON w.day = p.since
    CROSS JOIN fleet AS f
    ANTI JOIN file_share AS h ON h.destination = p.destination
    WHERE p.programs <= 1 AND p.hosts <= greatest(1, f.hosts / 50) AND w.days_before >= 7
),
known AS (
    SELECT s.program, min(c.since) AS since FROM contact_pair AS c JOIN stay AS s ON s.stay_id = c.stay_id WHERE c.own AND NOT c.called GROUP BY s.program
),
gone AS (
    SELECT c.stay_id, c.destination, c.day, c.own FROM contact_day AS c JOIN fresh AS p ON p.destination = c.destination
),
often AS (
    SELECT destination FROM gone WHERE own GROUP BY destination HAVING COUNT(DISTINCT day) >= 3
),
chosen AS (
    SELECT c.*, p.hosts, p.fleet_hosts, p.days_before, p.since AS new_since
    FROM contact_pair AS c
    JOIN fresh AS p ON p.destination = c.destination
    JOIN often AS o ON o.destination = c.destination
    JOIN stay AS s ON s.stay_id = c.stay_id
    JOIN known AS k ON k.program = s.program AND p.since >= k.since + INTERVAL 7 DAY
    WHERE NOT c.called
),
counted AS (
    SELECT g.stay_id, COUNT(DISTINCT g.day) AS days
    FROM gone AS g
    WHERE EXISTS (SELECT 1 FROM chosen AS c WHERE c.stay_id = g.stay_id AND c.destination = g.destination)
    GROUP BY g.stay_id
)
SELECT c.stay_id, min(c.first) AS first, max(c.last) AS last, array_slice(list_sort(list_distinct(flatten(list(c.refs)))), 1, 20) AS refs,
    CAST(sum(c.contacts) AS BIGINT) AS records, list_sort(list(DISTINCT c.destination)) AS places, max(d.days) AS days,
    min(c.days_before) AS days_before, max(c.hosts) AS hosts, max(c.fleet_hosts) AS fleet_hosts, CAST(min(c.new_since) AS VARCHAR) AS since
FROM chosen AS c
JOIN counted AS d ON d.stay_id = c.stay_id
GROUP BY c.stay_id
