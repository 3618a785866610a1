-- Connections that a host's own sensor and a network sensor both saw, and that only one record on each side can be: a 4-tuple seen
-- once in three days, and at most ten times in all (ports come again after weeks: the wrong pairs that this makes lie evenly about the
-- right ones). `gap` is the network's time less the host's, in milliseconds.
WITH on_host AS (
    SELECT host, src_ip, src_port, dst_ip, dst_port, time, ref
    FROM host_connection
    QUALIFY COUNT(*) OVER (
        PARTITION BY host, src_ip, src_port, dst_ip, dst_port ORDER BY time
        RANGE BETWEEN INTERVAL 36 HOUR PRECEDING AND INTERVAL 36 HOUR FOLLOWING
    ) = 1 AND COUNT(*) OVER (PARTITION BY host, src_ip, src_port, dst_ip, dst_port) <= 10
),
on_wire AS (
    SELECT src_ip, src_port, dst_ip, dst_port, time
    FROM flow
    QUALIFY COUNT(*) OVER (
        PARTITION BY src_ip, src_port, dst_ip, dst_port ORDER BY time
        RANGE BETWEEN INTERVAL 36 HOUR PRECEDING AND INTERVAL 36 HOUR FOLLOWING
    ) = 1 AND COUNT(*) OVER (PARTITION BY src_ip, src_port, dst_ip, dst_port) <= 10
)
SELECT h.host, h.time, h.ref, date_diff('millisecond', h.time, w.time) AS gap
FROM on_host AS h
JOIN on_wire AS w ON w.src_ip = h.src_ip AND w.src_port = h.src_port AND w.dst_ip = h.dst_ip AND w.dst_port = h.dst_port
