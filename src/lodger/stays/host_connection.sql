-- Connections as hosts' own sensors saw them, each once: those that its programs made (Outbound) and those that came in to a program that
-- listens (Inbound, from `src_ip`, which is the other end). Sysmon's where it has one, else the filtering platform's (5156), whose process
-- is the instance with that number on that host which began last before it.
WITH sysmon AS (
    SELECT device_hostname AS host, time, process_uid AS uid, process_file_path AS path, connection_protocol_name AS proto,
        src_endpoint_ip AS src_ip, src_endpoint_port AS src_port, dst_endpoint_ip AS dst_ip, dst_endpoint_port AS dst_port,
        connection_direction AS direction, ref
    FROM network_activity
    WHERE sensor = 'sysmon'
),
audited AS (
    SELECT a.device_hostname AS host, a.time, a.process_pid AS pid, a.process_file_path AS path, a.connection_protocol_name AS proto,
        a.src_endpoint_ip AS src_ip, a.src_endpoint_port AS src_port, a.dst_endpoint_ip AS dst_ip, a.dst_endpoint_port AS dst_port,
        a.connection_direction AS direction, a.ref
    FROM network_activity AS a
    WHERE a.sensor = 'security'
        AND NOT EXISTS (
            SELECT 1
            FROM sysmon AS s
            WHERE s.host = a.device_hostname AND s.direction = a.connection_direction AND s.src_port = a.src_endpoint_port AND s.dst_ip = a.dst_endpoint_ip
                AND s.dst_port = a.dst_endpoint_port AND abs(date_diff('second', s.time, a.time)) <= 30
        )
),
candidate AS (
    SELECT host, uid, pid, first_seen AS time FROM process
    UNION ALL
    SELECT host, uid, pid, last_seen FROM earlier_instance
),
known AS (
    SELECT a.ref, p.uid
    FROM audited AS a
    JOIN candidate AS p ON p.host = a.host AND p.pid = a.pid AND p.time <= a.time + INTERVAL 5 SECOND
    QUALIFY row_number() OVER (PARTITION BY a.ref ORDER BY p.time DESC, p.uid) = 1
)
SELECT host, time, uid, path, proto, src_ip, src_port, dst_ip, dst_port, direction, ref FROM sysmon
UNION ALL
SELECT a.host, a.time, k.uid, a.path, a.proto, a.src_ip, a.src_port, a.dst_ip, a.dst_port, a.direction, a.ref
FROM audited AS a LEFT JOIN known AS k ON k.ref = a.ref
