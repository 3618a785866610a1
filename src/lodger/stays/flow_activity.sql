-- Times at which long connections stirred, where Zeek logs them while they last: that of the last packet, told by two logs in a row. In
-- between nothing came, so the time is the connection's own; of one that never rests every log's last packet is just before the log, and
-- would tell the sensor's rhythm.
SELECT m.flow_uid, o.time + CAST(round(1000 * o.duration) AS BIGINT) * INTERVAL 1 MILLISECOND - m.ahead_seconds * INTERVAL 1 SECOND AS time,
    min(o.source || ':' || CAST(o.record AS VARCHAR)) AS ref
FROM _zeek_open AS o
JOIN flow_member AS m ON m.uid = o.uid
WHERE o.duration > 0 AND o.duration < 1e9
GROUP BY m.flow_uid, m.ahead_seconds, o.time, round(1000 * o.duration)
HAVING COUNT(*) >= 2
