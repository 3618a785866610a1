-- Calls of a neighbour over SMB, named pipes, RPC, remote desktop or remote management, and what went out to other ports within ten minutes of one, by the day.
--   call    by neighbour, host and port: when first and last, in how many tens of minutes (`times`; from midnight), and at what times of the day's first and last
--           ten minutes (`edge`). Of who serves (more than two call on a day) three calls' names are enough.
--   after   by neighbour, port, stay and place: what went out at most ten minutes after a call, but for the day's first ten minutes
--   early   by stay, place and time (`first`): what went out in the day's first ten minutes, after calls of this day or of the one before
--   inside  by stay and place: contacts on the neighbours' own ports, which are none of those that are told
WITH served AS (
    SELECT c.host AS neighbour, COALESCE(a.host, c.dst_ip) AS host, c.dst_port AS port, c.time, CAST(c.time AS DATE) AS day
    FROM stay_contact AS c
    LEFT JOIN address_day AS a ON a.ip = c.dst_ip AND a.day = CAST(c.time AS DATE) AND c.time >= a.since AND c.time < a.until
    WHERE c.own AND c.dst_port IN (135, 139, 445, 3389, 5985, 5986)
),
caller AS (
    SELECT host, port, day, neighbour, row_number() OVER (PARTITION BY host, port, day ORDER BY neighbour) AS nth,
        COUNT(*) OVER (PARTITION BY host, port, day) AS neighbours
    FROM (SELECT DISTINCT host, port, day, neighbour FROM served) AS callers
),
call AS (
    SELECT s.neighbour, s.host, s.port, s.day, s.time
    FROM served AS s
    JOIN caller AS k ON k.host = s.host AND k.port = s.port AND k.day = s.day AND k.neighbour = s.neighbour
    WHERE k.neighbours <= 2
),
out_going AS (
    SELECT host, stay_id, destination, CAST(time AS DATE) AS day, time, ref
    FROM stay_contact
    WHERE dst_port NOT IN (135, 139, 445, 3389, 5985, 5986)
),
followed AS (
    SELECT DISTINCT o.host, o.stay_id, o.destination, k.neighbour, k.port, o.day, o.time, o.ref
    FROM out_going AS o
    JOIN call AS k ON k.host = o.host AND k.day = o.day AND o.time BETWEEN k.time AND k.time + INTERVAL 10 MINUTE
    WHERE k.neighbour <> k.host AND date_diff('second', CAST(o.day AS TIMESTAMP), o.time) >= 600
)
SELECT 'call' AS kind, day, neighbour, host, port, CAST(NULL AS VARCHAR) AS stay_id, CAST(NULL AS VARCHAR) AS destination, min(time) AS first, max(time) AS last,
    CAST(NULL AS VARCHAR[]) AS refs,
    COUNT(DISTINCT CAST(floor(date_diff('second', CAST('1970-01-01' AS TIMESTAMP), time) / 600) AS BIGINT)) AS times,
    list_sort(list(DISTINCT time) FILTER (
        WHERE date_diff('second', CAST(day AS TIMESTAMP), time) < 600 OR date_diff('second', CAST(day AS TIMESTAMP), time) >= 86400 - 600
    )) AS edge
FROM call
GROUP BY day, neighbour, host, port
UNION ALL
SELECT 'call', day, neighbour, host, port, NULL, NULL, NULL, NULL, NULL, 0, NULL FROM caller WHERE neighbours > 2 AND nth <= 3
UNION ALL
SELECT 'after', day, neighbour, host, port, stay_id, destination, min(time), max(time), array_slice(list_sort(list(DISTINCT ref)), 1, 20), COUNT(DISTINCT ref), NULL
FROM followed
GROUP BY day, neighbour, host, port, stay_id, destination
UNION ALL
SELECT 'early', day, NULL, host, NULL, stay_id, destination, time, time, array_slice(list_sort(list(DISTINCT ref)), 1, 20), COUNT(DISTINCT ref), NULL
FROM out_going
WHERE date_diff('second', CAST(day AS TIMESTAMP), time) < 600
GROUP BY day, host, stay_id, destination, time
UNION ALL
SELECT 'inside', CAST(time AS DATE), NULL, host, NULL, stay_id, destination, NULL, NULL, NULL, COUNT(DISTINCT ref), NULL
FROM stay_contact
WHERE dst_port IS NULL OR dst_port IN (135, 139, 445, 3389, 5985, 5986)
GROUP BY CAST(time AS DATE), host, stay_id, destination
