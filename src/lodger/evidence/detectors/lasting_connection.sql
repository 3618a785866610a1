-- Connections of a day and more to an address outside, to rare places: push services, tunnels of the house and remote desktops inside last
-- as long.
WITH lasting AS (
    SELECT stay_id, destination, min(first) AS first, max(last) AS last,
        array_slice(list_sort(list_distinct(flatten(list(refs)))), 1, 20) AS refs, CAST(sum(records) AS BIGINT) AS records, max(duration) AS duration
    FROM lasting_connection_rows
    GROUP BY stay_id, destination
)
SELECT l.stay_id, l.first, l.last, l.refs, l.records, l.destination AS place, CAST(l.duration / 3600 AS BIGINT) AS hours, l.records AS times, p.hosts,
    p.fleet_hosts
FROM lasting AS l
JOIN place_spread AS p ON p.destination = l.destination
WHERE p.rare
QUALIFY row_number() OVER (PARTITION BY l.stay_id ORDER BY l.duration DESC, l.destination) = 1
