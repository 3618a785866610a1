-- Connections that a host's own sensor and a network sensor both saw, and that only one record on each side can be: a 4-tuple seen
-- once in three days, and at most ten times in all (ports come again after weeks: the wrong pairs that this makes lie evenly about the
-- right ones). `gap` is the network's time less the host's, in milliseconds.
WITH host_tuple AS (
    SELECT host, src_ip, src_port, dst_ip, dst_port, COUNT(*) AS seen, min(time) AS time, min(ref) AS ref
    FROM host_connection
    WHERE src_ip IS NOT NULL AND src_port IS NOT NULL AND dst_ip IS NOT NULL AND dst_port IS NOT NULL
    GROUP BY host, src_ip, src_port, dst_ip, dst_port
    HAVING COUNT(*) <= 10
),
on_host AS (
    SELECT host, src_ip, src_port, dst_ip, dst_port, time, ref FROM host_tuple WHERE seen = 1
    UNION ALL
    SELECT h.host, h.src_ip, h.src_port, h.dst_ip, h.dst_port, h.time, h.ref
    FROM host_connection AS h
    JOIN host_tuple AS t ON t.host = h.host AND t.src_ip = h.src_ip AND t.src_port = h.src_port AND t.dst_ip = h.dst_ip AND t.dst_port = h.dst_port
    WHERE t.seen > 1
    QUALIFY COUNT(*) OVER (
        PARTITION BY h.host, h.src_ip, h.src_port, h.dst_ip, h.dst_port ORDER BY h.time
        RANGE BETWEEN INTERVAL 36 HOUR PRECEDING AND INTERVAL 36 HOUR FOLLOWING
    ) = 1
),
wire_tuple AS (
    SELECT src_ip, src_port, dst_ip, dst_port, COUNT(*) AS seen, min(time) AS time
    FROM flow
    WHERE src_ip IS NOT NULL AND src_port IS NOT NULL AND dst_ip IS NOT NULL AND dst_port IS NOT NULL
    GROUP BY src_ip, src_port, dst_ip, dst_port
    HAVING COUNT(*) <= 10
),
on_wire AS (
    SELECT src_ip, src_port, dst_ip, dst_port, time FROM wire_tuple WHERE seen = 1
    UNION ALL
    SELECT f.src_ip, f.src_port, f.dst_ip, f.dst_port, f.time
    FROM flow AS f
    JOIN wire_tuple AS t ON t.src_ip = f.src_ip AND t.src_port = f.src_port AND t.dst_ip = f.dst_ip AND t.dst_port = f.dst_port
    WHERE t.seen > 1
    QUALIFY COUNT(*) OVER (
        PARTITION BY f.src_ip, f.src_port, f.dst_ip, f.dst_port ORDER BY f.time
        RANGE BETWEEN INTERVAL 36 HOUR PRECEDING AND INTERVAL 36 HOUR FOLLOWING
    ) = 1
)
SELECT h.host, h.time, h.ref, date_diff('millisecond', h.time, w.time) AS gap
FROM on_host AS h
JOIN on_wire AS w ON w.src_ip = h.src_ip AND w.src_port = h.src_port AND w.dst_ip = h.dst_ip AND w.dst_port = h.dst_port
