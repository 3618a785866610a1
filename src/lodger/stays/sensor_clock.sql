-- How far each network sensor's clock is ahead of the leading one's, in seconds: the median over connections that both saw and that
-- only one record on each side can be (as in network_clock). The leading sensor is Zeek, else Suricata, else a capture: the last by
-- name. A difference is one of clocks only when at least three pairs show it and most of them agree on it to five seconds. A sensor
-- that these days do not compare has that of the days before them.
WITH once AS (
    SELECT sensor, link, time
    FROM sensor_flow
    WHERE link IS NOT NULL
    QUALIFY COUNT(*) OVER (
        PARTITION BY sensor, link ORDER BY time
        RANGE BETWEEN INTERVAL 36 HOUR PRECEDING AND INTERVAL 36 HOUR FOLLOWING
    ) = 1
),
gap AS (
    SELECT o.sensor, date_diff('millisecond', l.time, o.time) AS milliseconds
    FROM once AS o
    JOIN once AS l ON l.link = o.link AND l.sensor > o.sensor
    JOIN (SELECT max(sensor) AS sensor FROM sensor_flow) AS f ON f.sensor = l.sensor
),
middle AS (
    SELECT sensor, median(milliseconds) AS milliseconds FROM gap GROUP BY sensor
),
measured AS (
    SELECT g.sensor, COUNT(*) AS pairs, CAST(min(m.milliseconds) AS DOUBLE) / 1000 AS ahead_seconds
    FROM gap AS g
    JOIN middle AS m ON m.sensor = g.sensor
    GROUP BY g.sensor
    HAVING COUNT(*) >= 3 AND abs(min(m.milliseconds)) BETWEEN 2000 AND 2000000000000
        AND SUM(CASE WHEN abs(g.milliseconds - m.milliseconds) <= 5000 THEN 1 ELSE 0 END) * 2 > COUNT(*)
)
SELECT sensor, pairs, ahead_seconds FROM measured
UNION ALL
SELECT e.sensor, e.pairs, e.ahead_seconds FROM earlier_sensor_clock AS e WHERE NOT EXISTS (SELECT 1 FROM gap AS g WHERE g.sensor = e.sensor)
