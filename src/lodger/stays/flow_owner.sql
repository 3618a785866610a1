-- Which process made a flow (`direction` Outbound), and which one was called by it (Inbound): that host's own record of the same 4-tuple,
-- nearest in time once the clocks are aligned, and at most 15 seconds away. Looked for by the minute: ports that come again for a year make no pairs of all with all.
WITH aligned AS (
    SELECT h.host, h.uid, h.path, h.time, h.ref, h.src_ip, h.src_port, h.dst_ip, h.dst_port, h.direction,
        h.time + round(1000 * COALESCE(d.ahead_seconds + d.drift * date_diff('second', d.measured, h.time), c.ahead_seconds, 0))
            * INTERVAL 1 MILLISECOND AS wire_time
    FROM host_connection AS h
    LEFT JOIN clock_day AS d ON d.host = h.host AND d.day = CAST(h.time AS DATE)
    LEFT JOIN network_clock AS c ON c.host = h.host
),
reach AS (
    SELECT *, CAST(floor((date_diff('second', CAST('1970-01-01' AS TIMESTAMP), wire_time) - 16) / 60) AS BIGINT) AS least,
        CAST(floor((date_diff('second', CAST('1970-01-01' AS TIMESTAMP), wire_time) + 16) / 60) AS BIGINT) AS most
    FROM aligned
),
by_minute AS (
    SELECT *, least AS minute FROM reach
    UNION ALL
    SELECT *, most FROM reach WHERE most > least
)
SELECT f.uid AS flow_uid, f.time AS flow_time, h.host, h.uid, h.path, h.time AS host_time, h.direction, h.ref AS host_ref
FROM flow AS f
JOIN by_minute AS h ON h.src_ip = f.src_ip AND h.src_port = f.src_port AND h.dst_ip = f.dst_ip AND h.dst_port = f.dst_port
    AND h.minute = CAST(floor(date_diff('second', CAST('1970-01-01' AS TIMESTAMP), f.time) / 60) AS BIGINT)
WHERE abs(date_diff('millisecond', h.wire_time, f.time)) <= 15000
QUALIFY row_number() OVER (PARTITION BY f.uid, h.direction ORDER BY abs(date_diff('millisecond', h.wire_time, f.time)), h.ref) = 1
