-- Places of more hosts than make them rare (rare_destination) and of at most one host in ten, all of which go there with one program, which is on no
-- more hosts than that. What else goes there from one of these hosts does not matter: names of one address are taken for each other at times.
-- What only the network saw has no program. In a fleet of fewer than twenty hosts one in ten is one.
WITH fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
present AS (
    SELECT program, COUNT(DISTINCT host) AS hosts FROM stay WHERE kind = 'process' GROUP BY program
),
goes AS (
    SELECT destination, program, COUNT(DISTINCT host) AS hosts FROM contact_pair WHERE own AND NOT called GROUP BY destination, program
)
SELECT c.stay_id, min(c.first) AS first, max(c.last) AS last, array_slice(list_sort(list_distinct(flatten(list(c.refs)))), 1, 20) AS refs,
    CAST(sum(c.contacts) AS BIGINT) AS records, list_sort(list(DISTINCT c.destination)) AS places, max(p.hosts) AS hosts, max(p.fleet_hosts) AS fleet_hosts
FROM contact_pair AS c
JOIN place_spread AS p ON p.destination = c.destination
JOIN goes AS g ON g.destination = c.destination AND g.program = c.program AND g.hosts = p.hosts
JOIN present AS n ON n.program = c.program
CROSS JOIN fleet AS f
WHERE c.own AND NOT c.called AND f.hosts >= 20 AND p.hosts > greatest(1, f.hosts / 50) AND p.hosts <= f.hosts / 10 AND n.hosts <= f.hosts / 10
GROUP BY c.stay_id
