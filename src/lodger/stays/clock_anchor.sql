-- network_clock measured on single days: a day's own estimate is the median of at least three pairs of which most agree on it to a minute.
-- `second` (since 1970, the host's) is when it held; `drift` (seconds per second) is the slope between the days before and after, and 0 where
-- that is no drift but a step.
WITH nearest AS (
    SELECT p.host, CAST(p.time AS DATE) AS day, date_diff('second', CAST('1970-01-01' AS TIMESTAMP), p.time) AS second, p.gap
    FROM clock_pair AS p
    JOIN network_clock AS c ON c.host = p.host
    QUALIFY row_number() OVER (PARTITION BY p.host, p.ref ORDER BY abs(p.gap - c.ahead_seconds * 1000), p.gap) = 1
),
middle AS (
    SELECT host, day, median(gap) AS gap FROM nearest GROUP BY host, day
),
agreed AS (
    SELECT n.host, n.day, COUNT(*) AS pairs, CAST(median(n.gap) AS DOUBLE) / 1000 AS ahead_seconds, CAST(median(n.second) AS BIGINT) AS second
    FROM nearest AS n
    JOIN middle AS m ON m.host = n.host AND m.day = n.day
    GROUP BY n.host, n.day
    HAVING COUNT(*) >= 3 AND SUM(CASE WHEN abs(n.gap - m.gap) <= 60000 THEN 1 ELSE 0 END) * 2 > COUNT(*)
        AND abs(median(n.gap)) <= 2000000000000
),
sloped AS (
    SELECT host, day, pairs, ahead_seconds, second,
        (lead(ahead_seconds, 1, ahead_seconds) OVER (PARTITION BY host ORDER BY day)
            - lag(ahead_seconds, 1, ahead_seconds) OVER (PARTITION BY host ORDER BY day))
        / greatest(lead(second, 1, second) OVER (PARTITION BY host ORDER BY day)
            - lag(second, 1, second) OVER (PARTITION BY host ORDER BY day), 1) AS slope
    FROM agreed
)
SELECT host, day, pairs, ahead_seconds, second, CASE WHEN abs(slope) <= 0.0006 THEN slope ELSE 0 END AS drift FROM sloped
