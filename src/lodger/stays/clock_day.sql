-- network_clock day by day, for clocks that drift or are set: at time t of the host the network's clock is ahead by
-- ahead_seconds + drift * (t - measured). A day of the host that was not measured (clock_anchor) has the clock of the nearest day.
-- `choice` 1 is the best; where the day before or after tells another time by ten seconds or more the clock was set on one of the
-- two days, and that is a further choice.
WITH anchor AS (
    SELECT host, day, pairs, ahead_seconds, second, drift FROM clock_anchor
    UNION ALL
    SELECT e.host, e.day, e.pairs, e.ahead_seconds, e.second, e.drift
    FROM earlier_anchor AS e
    WHERE NOT EXISTS (SELECT 1 FROM clock_anchor AS a WHERE a.host = e.host AND a.day = e.day)
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
