-- Places that are rare.
SELECT c.stay_id, min(c.first) AS first, max(c.last) AS last, array_slice(list_sort(list_distinct(flatten(list(c.refs)))), 1, 20) AS refs,
    CAST(sum(c.contacts) AS BIGINT) AS records, list_sort(list(DISTINCT c.destination)) AS places, max(p.hosts) AS hosts, max(p.fleet_hosts) AS fleet_hosts
FROM contact_pair AS c
JOIN place_spread AS p ON p.destination = c.destination
WHERE p.rare AND NOT c.called
GROUP BY c.stay_id
