-- A person is there in the hours in which the desktop starts something; away is what is four hours and more from any of them, between the
-- first and the last. On hosts where people were there on five days or more: a server has nobody to be away. To places of
-- one program on at most one host in fifty: backups and updates by night are those of many.
WITH person AS (
    SELECT p.host, CAST(floor(date_diff('second', CAST('1970-01-01' AS TIMESTAMP), p.start) / 3600) AS BIGINT) AS hour, p.start
    FROM process AS p
    JOIN lineage AS l ON l.host = p.host AND l.uid = p.uid
    JOIN lineage AS d ON d.host = l.host AND d.uid = l.parent_uid AND d.role = 'desktop'
    WHERE p.start IS NOT NULL
),
peopled AS (
    SELECT host, min(start) AS first, max(start) AS last, COUNT(DISTINCT CAST(start AS DATE)) AS seen_days
    FROM person
    GROUP BY host
    HAVING COUNT(DISTINCT CAST(start AS DATE)) >= 5
),
around AS (
    SELECT DISTINCT host, hour + unnest(generate_series(-4, 4)) AS hour FROM (SELECT DISTINCT host, hour FROM person) AS hours
),
spread AS (
    SELECT destination, COUNT(DISTINCT host) AS hosts, COUNT(DISTINCT program) AS programs FROM stay_contact WHERE own GROUP BY destination
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
upload AS (
    SELECT c.stay_id, c.destination, c.time, c.ref, c.bytes_out, a.hour IS NULL AS is_away, h.seen_days
    FROM stay_contact AS c
    JOIN peopled AS h ON h.host = c.host AND c.time BETWEEN h.first AND h.last
    JOIN spread AS s ON s.destination = c.destination
    CROSS JOIN fleet AS f
    LEFT JOIN around AS a ON a.host = c.host AND a.hour = CAST(floor(date_diff('second', CAST('1970-01-01' AS TIMESTAMP), c.time) / 3600) AS BIGINT)
    WHERE c.own AND c.bytes_out > 0 AND s.programs <= 1 AND s.hosts <= greatest(1, f.hosts / 50)
),
summed AS (
    SELECT stay_id, destination, min(CASE WHEN is_away THEN time END) AS first, max(CASE WHEN is_away THEN time END) AS last,
        array_slice(list_sort(list(DISTINCT ref) FILTER (WHERE is_away)), 1, 20) AS refs, COUNT(DISTINCT CASE WHEN is_away THEN ref END) AS records,
        CAST(sum(CASE WHEN is_away THEN bytes_out ELSE 0 END) AS BIGINT) AS away, CAST(sum(bytes_out) AS BIGINT) AS sent,
        COUNT(DISTINCT CASE WHEN is_away THEN CAST(time AS DATE) END) AS days, max(seen_days) AS seen_days
    FROM upload
    GROUP BY stay_id, destination
)
SELECT stay_id, first, last, refs, records, destination AS place, away, sent, days, seen_days
FROM summed
WHERE away >= 1000000 AND away >= 0.8 * sent AND days >= 3
QUALIFY row_number() OVER (PARTITION BY stay_id ORDER BY away DESC, destination) = 1
