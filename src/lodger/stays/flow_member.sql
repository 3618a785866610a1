-- Which records of several sensors are of one connection. Each sensor's are set beside those of the sensors before it (Zeek, Suricata,
-- captures) on one clock: with the same Community ID, and begun within five seconds or overlapping, the nearest is the same one.
-- `flow_uid` is the id that the first of the sensors gave it. One sensor's own connections are never joined to each other.
-- The nearest is looked for among the last one begun before and the first one begun after: no pair of all with all, however often the
-- ports come again.
WITH aligned AS (
    SELECT f.sensor, f.uid, f.link, COALESCE(c.seconds, 0) AS ahead_seconds,
        f.time - COALESCE(c.seconds, 0) * INTERVAL 1 SECOND AS time, f.until - COALESCE(c.seconds, 0) * INTERVAL 1 SECOND AS until,
        f.proto, f.app_name, f.src_ip, f.src_port, f.dst_ip, f.dst_port, f.bytes_out, f.bytes_in, f.duration, f.state, f.sni, f.ja3, f.ja4,
        f.requests, f.ref
    FROM sensor_flow AS f
    LEFT JOIN (SELECT sensor, CAST(round(ahead_seconds) AS BIGINT) AS seconds FROM sensor_clock) AS c ON c.sensor = f.sensor
),
shared AS (
    SELECT a.sensor, a.uid, a.link, a.time, a.until
    FROM aligned AS a
    JOIN (SELECT link FROM aligned GROUP BY link HAVING min(sensor) <> max(sensor)) AS s ON s.link = a.link
),
beside AS (
    SELECT link, sensor AS lead_sensor, uid, time, until, time AS own_time FROM shared
    UNION ALL
    SELECT s.link, o.sensor, s.uid, s.time, s.until, NULL
    FROM shared AS s
    JOIN (SELECT DISTINCT sensor FROM shared) AS o ON o.sensor > s.sensor
),
neighbour AS (
    SELECT link, lead_sensor, uid, time, until, own_time,
        max(own_time) OVER (PARTITION BY link, lead_sensor ORDER BY time RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS earlier,
        min(own_time) OVER (PARTITION BY link, lead_sensor ORDER BY time RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS later
    FROM beside
),
candidate AS (
    SELECT link, lead_sensor, uid, time, until, earlier AS leader_time FROM neighbour WHERE own_time IS NULL AND earlier IS NOT NULL
    UNION ALL
    SELECT link, lead_sensor, uid, time, until, later FROM neighbour WHERE own_time IS NULL AND later IS NOT NULL
),
chosen AS (
    SELECT c.uid, s.uid AS leader
    FROM candidate AS c
    JOIN shared AS s ON s.link = c.link AND s.sensor = c.lead_sensor AND s.time = c.leader_time
    WHERE abs(date_diff('millisecond', s.time, c.time)) <= 5000 OR (s.time <= c.until AND c.time <= s.until)
    QUALIFY row_number() OVER (
        PARTITION BY c.uid ORDER BY c.lead_sensor DESC, abs(date_diff('millisecond', s.time, c.time)), s.time, s.uid
    ) = 1
)
SELECT COALESCE(n.leader, m.leader, a.uid) AS flow_uid, a.*
FROM aligned AS a
LEFT JOIN chosen AS m ON m.uid = a.uid
LEFT JOIN chosen AS n ON n.uid = m.leader
