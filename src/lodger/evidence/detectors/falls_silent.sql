-- Silence after regular activity: longer than three days, twelve sleeps, and twice the longest silence before (weekends, a switched-off host,
-- work that comes in bursts), as long as the sensor that tells of the host's connections was heard itself. Three days of it must be usual ones:
-- the host went to at least half as many places as on the median day of the calls. Where its person is away or it only wakes now and then,
-- all that runs there is silent. Not where another program of the host goes there since (a new version, or the same one once a sensor tells
-- programs apart). Not of programs whose file was deleted meanwhile: what is gone is silent, and how it went is told by other
-- questions.
WITH called AS (
    SELECT stay_id, destination, day, ref, 'called ' AS verb FROM contact_day
    UNION ALL
    SELECT stay_id, destination, day, ref, 'was called ' FROM call_day
),
heard AS (
    SELECT host, max(last_time) AS last_time FROM connection_day GROUP BY host
),
ended AS (
    SELECT r.stay_id, r.host, r.destination, r.every, r.first_time, r.last_time, date_diff('second', r.last_time, h.last_time) AS silence,
        row_number() OVER (PARTITION BY r.stay_id ORDER BY r.log_bayes_factor DESC, r.destination) AS number
    FROM rhythm AS r
    JOIN heard AS h ON h.host = r.host
    JOIN stay AS s ON s.stay_id = r.stay_id
    WHERE r.log_bayes_factor > 10 AND s.departure IS NULL AND date_diff('second', r.last_time, h.last_time)
        > greatest(3 * 86400, 12 * r.sleep_seconds, 2 * r.longest_gap_seconds)
),
busy AS (
    SELECT c.host, c.day, COUNT(DISTINCT c.destination) AS places
    FROM contact_day AS c
    JOIN (SELECT DISTINCT host FROM ended) AS e ON e.host = c.host
    GROUP BY c.host, c.day
),
usual AS (
    SELECT e.stay_id, e.destination, median(b.places) AS places
    FROM ended AS e
    JOIN busy AS b ON b.host = e.host AND b.day BETWEEN CAST(e.first_time AS DATE) AND CAST(e.last_time AS DATE)
    GROUP BY e.stay_id, e.destination
),
stopped AS (
    SELECT e.stay_id, e.destination, e.every, e.last_time, e.silence, e.number, COUNT(DISTINCT d.day) AS heard_days
    FROM ended AS e
    JOIN connection_day AS d ON d.host = e.host AND d.day > CAST(e.last_time AS DATE)
    LEFT JOIN usual AS u ON u.stay_id = e.stay_id AND u.destination = e.destination
    LEFT JOIN busy AS b ON b.host = e.host AND b.day = d.day
    WHERE (u.places IS NULL OR 2 * b.places >= u.places) AND NOT EXISTS (
        SELECT 1 FROM contact_day AS o WHERE o.host = e.host AND o.destination = e.destination AND o.day > CAST(e.last_time AS DATE)
    )
    GROUP BY e.stay_id, e.destination, e.every, e.last_time, e.silence, e.number
    HAVING COUNT(DISTINCT d.day) >= 3
)
SELECT t.stay_id, max(t.last_time) AS first, max(t.last_time) AS last, list_sort(list(DISTINCT c.ref)) AS refs, COUNT(DISTINCT c.ref) AS records,
    min_by(c.verb || t.destination, t.number) AS place, min_by(t.every, t.number) AS every,
    CAST(max(t.silence) / 86400 AS BIGINT) AS silent_days, max(t.heard_days) AS heard_days
FROM stopped AS t
JOIN called AS c ON c.stay_id = t.stay_id AND c.destination = t.destination AND c.day = CAST(t.last_time AS DATE)
GROUP BY t.stay_id
