-- A person is there in the hours in which the desktop starts something; away is what is four hours and more from any of them, between the
-- first and the last. On hosts where people were there on five days or more: a server has nobody to be away. To rare places: backups and updates by night
-- are those of many.
WITH person AS (
    SELECT host, day, hour, first, last FROM uploads_while_away_rows WHERE stay_id IS NULL
),
peopled AS (
    SELECT host, min(day) AS first_day, max(day) AS last_day, COUNT(DISTINCT day) AS seen_days
    FROM person
    GROUP BY host
    HAVING COUNT(DISTINCT day) >= 5
),
heavy AS (
    SELECT c.stay_id, c.destination
    FROM uploads_while_away_rows AS c
    JOIN place_spread AS s ON s.destination = c.destination
    WHERE c.stay_id IS NOT NULL AND s.rare
    GROUP BY c.stay_id, c.destination
    HAVING sum(c.sent) >= 1000000
),
edge AS (
    -- hours at the edges of what was read together
    SELECT DISTINCT c.host, c.hour
    FROM uploads_while_away_rows AS c
    JOIN heavy AS v ON v.stay_id = c.stay_id AND v.destination = c.destination
    WHERE c.away IS NULL
),
near AS (
    SELECT host, hour, hour + unnest(generate_series(-4, 4)) AS other FROM edge
),
around AS (
    SELECT DISTINCT n.host, n.hour FROM near AS n JOIN person AS p ON p.host = n.host AND p.hour = n.other
),
upload AS (
    SELECT c.stay_id, c.destination, c.day, c.hour, c.away, c.part, c.first, c.last, c.records, c.sent, h.seen_days, COALESCE(c.away, a.hour IS NULL) AS is_away
    FROM uploads_while_away_rows AS c
    JOIN heavy AS v ON v.stay_id = c.stay_id AND v.destination = c.destination
    JOIN peopled AS h ON h.host = c.host AND c.day BETWEEN h.first_day AND h.last_day
        AND NOT (c.day = h.first_day AND c.part = -1) AND NOT (c.day = h.last_day AND c.part = 1)
    LEFT JOIN around AS a ON a.host = c.host AND a.hour = c.hour
),
summed AS (
    SELECT stay_id, destination, min(CASE WHEN is_away THEN first END) AS first, max(CASE WHEN is_away THEN last END) AS last,
        CAST(sum(CASE WHEN is_away THEN records ELSE 0 END) AS BIGINT) AS records, CAST(sum(CASE WHEN is_away THEN sent ELSE 0 END) AS BIGINT) AS away,
        CAST(sum(sent) AS BIGINT) AS sent, COUNT(DISTINCT CASE WHEN is_away THEN day END) AS days, max(seen_days) AS seen_days
    FROM upload
    GROUP BY stay_id, destination
),
most AS (
    SELECT *
    FROM summed
    WHERE away >= 1000000 AND away >= 0.8 * sent AND days >= 3
    QUALIFY row_number() OVER (PARTITION BY stay_id ORDER BY away DESC, destination) = 1
),
-- the records of few: all of them would be most of what is read
record AS (
    SELECT u.stay_id, array_slice(list_sort(list_distinct(flatten(list(c.refs)))), 1, 20) AS refs
    FROM upload AS u
    JOIN most AS m ON m.stay_id = u.stay_id AND m.destination = u.destination
    JOIN uploads_while_away_rows AS c ON c.stay_id = u.stay_id AND c.destination = u.destination AND c.day = u.day AND c.part = u.part
        AND c.hour IS NOT DISTINCT FROM u.hour AND c.away IS NOT DISTINCT FROM u.away
    WHERE u.is_away
    GROUP BY u.stay_id
)
SELECT m.stay_id, m.first, m.last, r.refs, m.records, m.destination AS place, m.away, m.sent, m.days, m.seen_days
FROM most AS m
JOIN record AS r ON r.stay_id = m.stay_id
