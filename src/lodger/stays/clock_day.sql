-- network_clock day by day, for clocks that drift or are set: at time t of the host the network's clock is ahead by
-- ahead_seconds + drift * (t - measured). A day's own estimate is the median of at least three pairs of which most agree on it to a minute;
-- `drift` (seconds per second) is the slope between the days before and after, and 0 where that is no drift but a step. A day of the
-- host without an estimate has that of the nearest day. `choice` 1 is the best; where the day before or after tells another time
-- by ten seconds or more the clock was set on one of the two days, and that is a further choice.
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
),
anchor AS (
    SELECT host, day, pairs, ahead_seconds, second, CASE WHEN abs(slope) <= 0.0006 THEN slope ELSE 0 END AS drift FROM sloped
),
calendar AS (
    SELECT host, day FROM anchor
    UNION
    SELECT host, CAST(day + INTERVAL 1 DAY AS DATE) FROM anchor
    UNION
    SELECT host, CAST(day - INTERVAL 1 DAY AS DATE) FROM anchor
    UNION
    SELECT h.host, CAST(h.time AS DATE) FROM host_connection AS h JOIN network_clock AS c ON c.host = h.host
),
around AS (
    SELECT c.host, c.day, a.day AS own,
        max(a.day) OVER (PARTITION BY c.host ORDER BY c.day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
        min(a.day) OVER (PARTITION BY c.host ORDER BY c.day ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS after
    FROM calendar AS c
    LEFT JOIN anchor AS a ON a.host = c.host AND a.day = c.day
),
candidate AS (
    SELECT host, day, own AS from_day, 0 AS away FROM around WHERE own IS NOT NULL
    UNION ALL
    SELECT host, day, before, date_diff('day', CAST(before AS DATE), CAST(day AS DATE)) FROM around WHERE before IS NOT NULL
    UNION ALL
    SELECT host, day, after, date_diff('day', CAST(day AS DATE), CAST(after AS DATE)) FROM around WHERE after IS NOT NULL
),
noon AS (
    SELECT c.host, c.day, c.away, a.pairs, a.ahead_seconds, a.second, a.drift,
        a.ahead_seconds + a.drift * (date_diff('second', CAST('1970-01-01' AS TIMESTAMP), CAST(c.day AS TIMESTAMP)) + 43200 - a.second) AS at_noon,
        row_number() OVER (PARTITION BY c.host, c.day ORDER BY c.away, a.pairs DESC, a.day) AS choice
    FROM candidate AS c
    JOIN anchor AS a ON a.host = c.host AND a.day = c.from_day
)
SELECT n.host, n.day, n.choice, n.pairs, n.away AS days_away, n.ahead_seconds, n.drift,
    CAST('1970-01-01' AS TIMESTAMP) + CAST(n.second AS DOUBLE) * INTERVAL 1 SECOND AS measured
FROM noon AS n
JOIN noon AS b ON b.host = n.host AND b.day = n.day AND b.choice = 1
WHERE n.choice = 1 OR abs(n.at_noon - b.at_noon) >= 10
