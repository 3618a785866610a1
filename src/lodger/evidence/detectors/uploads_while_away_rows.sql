-- When a person was there, and what was sent when, by the day. A person is there in the hours in which the desktop starts something.
--   rows without a stay   the hours (since 1970) in which one was there, with the first and the last start in each
--   rows of a stay        bytes sent by place: `away` is false within four hours of an hour with a person on that day, else true; null, by the `hour`, where that may
--                         lie within four hours of a person on another day (the first and last four hours). Apart by whether they were sent before
--                         the day's first start (`part` -1), after its last (1) or in between (0)
WITH person AS (
    SELECT p.host, CAST(p.start AS DATE) AS day, CAST(floor(date_diff('second', CAST('1970-01-01' AS TIMESTAMP), p.start) / 3600) AS BIGINT) AS hour,
        min(p.start) AS first, max(p.start) AS last
    FROM process AS p
    JOIN lineage AS l ON l.host = p.host AND l.uid = p.uid
    JOIN lineage AS d ON d.host = l.host AND d.uid = l.parent_uid AND d.role = 'desktop'
    WHERE p.start IS NOT NULL
    GROUP BY p.host, CAST(p.start AS DATE), CAST(floor(date_diff('second', CAST('1970-01-01' AS TIMESTAMP), p.start) / 3600) AS BIGINT)
),
around AS (
    SELECT DISTINCT host, day, hour + unnest(generate_series(-4, 4)) AS hour FROM person
),
peopled AS (
    SELECT host, day, min(first) AS first, max(last) AS last FROM person GROUP BY host, day
),
upload AS (
    SELECT host, stay_id, destination, CAST(time AS DATE) AS day, CAST(floor(date_diff('second', CAST('1970-01-01' AS TIMESTAMP), time) / 3600) AS BIGINT) AS hour,
        time, ref, bytes_out
    FROM stay_contact
    WHERE own AND bytes_out > 0
),
placed AS (
    SELECT u.host, u.stay_id, u.destination, u.day, u.time, u.ref, u.bytes_out,
        CASE WHEN a.hour IS NOT NULL THEN FALSE WHEN u.hour % 24 BETWEEN 4 AND 19 THEN TRUE END AS away,
        CASE WHEN a.hour IS NULL AND u.hour % 24 NOT BETWEEN 4 AND 19 THEN u.hour END AS hour,
        CASE WHEN u.time < h.first THEN -1 WHEN u.time > h.last THEN 1 ELSE 0 END AS part
    FROM upload AS u
    LEFT JOIN around AS a ON a.host = u.host AND a.day = u.day AND a.hour = u.hour
    LEFT JOIN peopled AS h ON h.host = u.host AND h.day = u.day
),
told AS (
    SELECT host, day, stay_id, destination, away, hour, part, ref, min(time) AS first, max(time) AS last, sum(bytes_out) AS bytes_out
    FROM placed
    GROUP BY host, day, stay_id, destination, away, hour, part, ref
)
SELECT host, day, CAST(NULL AS VARCHAR) AS stay_id, CAST(NULL AS VARCHAR) AS destination, CAST(NULL AS BOOLEAN) AS away, hour, 0 AS part, first, last, CAST(NULL AS VARCHAR[]) AS refs,
    CAST(0 AS BIGINT) AS records, CAST(0 AS BIGINT) AS sent
FROM person
UNION ALL
SELECT host, day, stay_id, destination, away, hour, part, min(first), max(last),
    array_slice(list_sort(list(ref) FILTER (WHERE away IS DISTINCT FROM FALSE)), 1, 20), COUNT(ref), CAST(sum(bytes_out) AS BIGINT)
FROM told
GROUP BY host, day, stay_id, destination, away, hour, part
