-- Silence after regular activity: longer than three days, twelve sleeps, and twice the longest silence before (weekends, a switched-off host,
-- work that comes in bursts), with the host itself heard on until the end.
WITH stopped AS (
    SELECT r.*, row_number() OVER (PARTITION BY r.stay_id ORDER BY r.log_bayes_factor DESC, r.destination) AS number,
        date_diff('second', r.last_time, h.last_heard) AS silence
    FROM rhythm AS r JOIN host_span AS h ON h.host = r.host
    WHERE r.log_bayes_factor > 10
)
SELECT t.stay_id, max(t.last_time) AS first, max(t.last_time) AS last, list_sort(list(DISTINCT c.ref)) AS refs, COUNT(DISTINCT c.ref) AS records,
    min_by(t.destination, t.number) AS place, min_by(t.every, t.number) AS every,
    CAST(max(t.silence) / 86400 AS BIGINT) AS silent_days
FROM stopped AS t
JOIN contact_day AS c ON c.stay_id = t.stay_id AND c.destination = t.destination AND c.day = CAST(t.last_time AS DATE)
WHERE t.silence > 3 * 86400 AND t.silence > 12 * t.sleep_seconds AND t.silence > 2 * t.longest_gap_seconds
GROUP BY t.stay_id
