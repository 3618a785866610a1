-- Which process made a flow: the host's own record of the same 4-tuple, nearest in time once the clocks are aligned.
SELECT f.uid AS flow_uid, f.time AS flow_time, h.host, h.uid, h.path, h.time AS host_time, h.ref AS host_ref
FROM flow AS f
JOIN host_connection AS h ON h.src_ip = f.src_ip AND h.src_port = f.src_port AND h.dst_ip = f.dst_ip AND h.dst_port = f.dst_port
LEFT JOIN network_clock AS c ON c.host = h.host
WHERE abs(date_diff('millisecond', h.time, f.time) / 1000.0 - COALESCE(c.ahead_seconds, 0)) <= 15
QUALIFY row_number() OVER (
    PARTITION BY f.uid ORDER BY abs(date_diff('millisecond', h.time, f.time) / 1000.0 - COALESCE(c.ahead_seconds, 0)), h.ref
) = 1
