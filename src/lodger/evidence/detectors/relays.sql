-- Relays: a neighbour calls this host over SMB, named pipes, RPC, remote desktop or remote management, and within ten minutes a program here
-- goes out to a place that no other host goes to. Not where the host serves on that port: more than two hosts call. Three days or more, at least half
-- of all that goes there, and the neighbour's calls (ten minutes each) cover no more than a tenth of the time between first and last.
WITH server AS (
    SELECT host, port FROM relays_rows WHERE kind = 'call' GROUP BY host, port HAVING COUNT(DISTINCT neighbour) > 2
),
call AS (
    SELECT c.neighbour, c.host, c.port, c.day, c.first, c.last, c.times, c.edge
    FROM relays_rows AS c
    WHERE c.kind = 'call' AND c.neighbour <> c.host AND NOT EXISTS (SELECT 1 FROM server AS v WHERE v.host = c.host AND v.port = c.port)
),
calls AS (
    SELECT neighbour, host, port
    FROM call
    GROUP BY neighbour, host, port
    HAVING COUNT(DISTINCT day) >= 3 AND 10 * 600 * sum(times) <= date_diff('second', min(first), max(last))
),
lone AS (
    SELECT destination FROM contact_pair WHERE own AND NOT called GROUP BY destination HAVING COUNT(DISTINCT host) = 1
),
edge AS (
    SELECT c.neighbour, c.host, c.port, unnest(c.edge) AS time
    FROM call AS c JOIN calls AS s ON s.neighbour = c.neighbour AND s.host = c.host AND s.port = c.port
),
followed AS (
    SELECT o.stay_id, o.destination, o.neighbour, o.port, o.day, o.first, o.last, o.refs, o.times
    FROM relays_rows AS o
    JOIN calls AS s ON s.neighbour = o.neighbour AND s.host = o.host AND s.port = o.port
    WHERE o.kind = 'after'
    UNION ALL
    SELECT DISTINCT o.stay_id, o.destination, e.neighbour, e.port, o.day, o.first, o.last, o.refs, o.times
    FROM relays_rows AS o
    JOIN edge AS e ON e.host = o.host AND o.first BETWEEN e.time AND e.time + INTERVAL 10 MINUTE
    WHERE o.kind = 'early'
),
after AS (
    SELECT f.stay_id, f.destination, f.neighbour, f.port, min(f.first) AS first, max(f.last) AS last,
        array_slice(list_sort(list_distinct(flatten(list(f.refs)))), 1, 20) AS refs, CAST(sum(f.times) AS BIGINT) AS times, COUNT(DISTINCT f.day) AS days
    FROM followed AS f
    JOIN lone AS l ON l.destination = f.destination
    GROUP BY f.stay_id, f.destination, f.neighbour, f.port
    HAVING COUNT(DISTINCT f.day) >= 3
),
gone AS (
    SELECT stay_id, destination, contacts FROM contact_pair WHERE NOT called
    UNION ALL
    SELECT stay_id, destination, -times FROM relays_rows WHERE kind = 'inside'
),
total AS (
    SELECT g.stay_id, g.destination, CAST(sum(g.contacts) AS BIGINT) AS all_times
    FROM gone AS g
    WHERE EXISTS (SELECT 1 FROM after AS a WHERE a.stay_id = g.stay_id AND a.destination = g.destination)
    GROUP BY g.stay_id, g.destination
)
SELECT a.stay_id, a.first, a.last, a.refs, a.times AS records, a.destination AS place, a.neighbour, a.port, a.times, a.days, t.all_times
FROM after AS a
JOIN total AS t ON t.stay_id = a.stay_id AND t.destination = a.destination
WHERE 2 * a.times >= t.all_times
QUALIFY row_number() OVER (PARTITION BY a.stay_id ORDER BY a.times DESC, a.destination, a.neighbour, a.port) = 1
