-- How far the network sensor's clock is ahead of each host's, in seconds: the median over connections that both saw and that only
-- one record on each side can be: a 4-tuple seen once in three days (ports come again after weeks; the wrong pairs that this makes lie
-- evenly about the right ones). Shown when above 2 s; applied to every join. What is off by a lifetime is no clock (and no INTERVAL).
WITH on_host AS (
    SELECT host, src_ip, src_port, dst_ip, dst_port, time
    FROM host_connection
    QUALIFY COUNT(*) OVER (
        PARTITION BY host, src_ip, src_port, dst_ip, dst_port ORDER BY time
        RANGE BETWEEN INTERVAL 36 HOUR PRECEDING AND INTERVAL 36 HOUR FOLLOWING
    ) = 1
),
on_wire AS (
    SELECT src_ip, src_port, dst_ip, dst_port, time
    FROM flow
    QUALIFY COUNT(*) OVER (
        PARTITION BY src_ip, src_port, dst_ip, dst_port ORDER BY time
        RANGE BETWEEN INTERVAL 36 HOUR PRECEDING AND INTERVAL 36 HOUR FOLLOWING
    ) = 1
)
SELECT h.host, COUNT(*) AS pairs, CAST(median(date_diff('millisecond', h.time, w.time)) AS DOUBLE) / 1000 AS ahead_seconds
FROM on_host AS h
JOIN on_wire AS w ON w.src_ip = h.src_ip AND w.src_port = h.src_port AND w.dst_ip = h.dst_ip AND w.dst_port = h.dst_port
GROUP BY h.host
HAVING COUNT(*) >= 2 AND abs(median(date_diff('millisecond', h.time, w.time))) <= 2000000000000
