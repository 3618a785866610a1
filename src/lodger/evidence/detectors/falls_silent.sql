-- Silence after regular activity: longer than three days, twelve sleeps, and twice the longest silence before (weekends, a switched-off host,
-- work that comes in bursts), counted only as long as, and on days on which, the sensor that tells of the host's connections was heard itself.
-- Not of programs whose file was deleted meanwhile: what is gone is silent, and how it went is told by other questions.
WITH called AS (
    SELECT stay_id, destination, day, ref, 'called ' AS verb FROM contact_day
    UNION ALL
    SELECT stay_id, destination, day, ref, 'was called ' FROM call_day
),
stopped AS (
    SELECT r.stay_id, r.destination, r.every, r.last_time, r.sleep_seconds, r.longest_gap_seconds,
        row_number() OVER (PARTITION BY r.stay_id ORDER BY r.log_bayes_factor DESC, r.destination) AS number,
        date_diff('second', r.last_time, max(d.last_time)) AS silence,
        COUNT(DISTINCT CASE WHEN d.day > CAST(r.last_time AS DATE) THEN d.day END) AS heard_days
    FROM rhythm AS r
    JOIN connection_day AS d ON d.host = r.host
    JOIN stay AS s ON s.stay_id = r.stay_id
    WHERE r.log_bayes_factor > 10 AND s.departure IS NULL
    GROUP BY r.stay_id, r.destination, r.every, r.last_time, r.sleep_seconds, r.longest_gap_seconds, r.log_bayes_factor
)
SELECT t.stay_id, max(t.last_time) AS first, max(t.last_time) AS last, list_sort(list(DISTINCT c.ref)) AS refs, COUNT(DISTINCT c.ref) AS records,
    min_by(c.verb || t.destination, t.number) AS place, min_by(t.every, t.number) AS every,
    CAST(max(t.silence) / 86400 AS BIGINT) AS silent_days, max(t.heard_days) AS heard_days
FROM stopped AS t
JOIN called AS c ON c.stay_id = t.stay_id AND c.destination = t.destination AND c.day = CAST(t.last_time AS DATE)
WHERE t.heard_days >= 3 AND t.silence > 3 * 86400 AND t.silence > 12 * t.sleep_seconds AND t.silence > 2 * t.longest_gap_seconds
GROUP BY t.stay_id
