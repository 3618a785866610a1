-- Relays: a neighbour calls this host over SMB, named pipes, RPC, remote desktop or remote management, and within ten minutes a program here
-- goes out to a place that no other host goes to. Not where the host serves on that port: more than two hosts call. Three days or more, at least half
-- of all that goes there, and the neighbour's calls (ten minutes each) cover no more than a tenth of the time between first and last.
WITH served AS (
    SELECT c.host AS neighbour, COALESCE(a.host, c.dst_ip) AS host, c.dst_port AS port, c.time
    FROM stay_contact AS c
    LEFT JOIN address_day AS a ON a.ip = c.dst_ip AND a.day = CAST(c.time AS DATE) AND c.time >= a.since AND c.time < a.until
    WHERE c.own AND c.dst_port IN (135, 139, 445, 3389, 5985, 5986)
),
server AS (
    SELECT host, port FROM served GROUP BY host, port HAVING COUNT(DISTINCT neighbour) > 2
),
call AS (
    SELECT s.neighbour, s.host, s.port, s.time
    FROM served AS s
    WHERE s.neighbour <> s.host AND NOT EXISTS (SELECT 1 FROM server AS v WHERE v.host = s.host AND v.port = s.port)
),
calls AS (
    SELECT neighbour, host, port,
        COUNT(DISTINCT CAST(floor(date_diff('second', CAST('1970-01-01' AS TIMESTAMP), time) / 600) AS BIGINT)) * 600 AS covered,
        date_diff('second', min(time), max(time)) AS span
    FROM call
    GROUP BY neighbour, host, port
    HAVING COUNT(DISTINCT CAST(time AS DATE)) >= 3
),
lone AS (
    SELECT destination, min(host) AS host FROM stay_contact WHERE own GROUP BY destination HAVING COUNT(DISTINCT host) = 1 AND COUNT(DISTINCT CAST(time AS DATE)) >= 3
),
out_going AS (
    SELECT c.host, c.stay_id, c.destination, c.time, c.ref
    FROM stay_contact AS c JOIN lone AS l ON l.destination = c.destination
    WHERE c.dst_port NOT IN (135, 139, 445, 3389, 5985, 5986) AND c.host IN (SELECT host FROM calls)
),
total AS (
    SELECT stay_id, destination, COUNT(DISTINCT ref) AS all_times FROM out_going GROUP BY stay_id, destination
),
after AS (
    SELECT o.stay_id, o.destination, k.neighbour, k.port, min(o.time) AS first, max(o.time) AS last,
        array_slice(list_sort(list(DISTINCT o.ref)), 1, 20) AS refs, COUNT(DISTINCT o.ref) AS times, COUNT(DISTINCT CAST(o.time AS DATE)) AS days
    FROM out_going AS o
    JOIN call AS k ON k.host = o.host AND o.time BETWEEN k.time AND k.time + INTERVAL 10 MINUTE
    JOIN calls AS s ON s.neighbour = k.neighbour AND s.host = k.host AND s.port = k.port
    WHERE 10 * s.covered <= s.span
    GROUP BY o.stay_id, o.destination, k.neighbour, k.port
)
SELECT a.stay_id, a.first, a.last, a.refs, a.times AS records, a.destination AS place, a.neighbour, a.port, a.times, a.days, t.all_times
FROM after AS a
JOIN total AS t ON t.stay_id = a.stay_id AND t.destination = a.destination
WHERE a.days >= 3 AND 2 * a.times >= t.all_times
QUALIFY row_number() OVER (PARTITION BY a.stay_id ORDER BY a.times DESC, a.destination, a.neighbour, a.port) = 1
