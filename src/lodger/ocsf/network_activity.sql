-- OCSF 4001 Network Activity. Hosts' sensors name the process, network sensors the bytes; device_hostname is NULL where only the
-- network saw the connection; whether an end is inside it knows where it was told what is local (Zeek).
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, CASE WHEN lower(Initiated) = 'false' THEN 'Inbound' ELSE 'Outbound' END AS connection_direction,
    process_guid AS process_uid, TRY_CAST(w.ProcessId AS BIGINT) AS process_pid, Image AS process_file_path,
    lower(Protocol) AS connection_protocol_name,
    SourceIp AS src_endpoint_ip, TRY_CAST(SourcePort AS INTEGER) AS src_endpoint_port,
    DestinationIp AS dst_endpoint_ip, TRY_CAST(DestinationPort AS INTEGER) AS dst_endpoint_port,
    CAST(NULL AS VARCHAR) AS connection_uid, CAST(NULL AS DOUBLE) AS duration_seconds,
    CAST(NULL AS BIGINT) AS traffic_bytes_out, CAST(NULL AS BIGINT) AS traffic_bytes_in, CAST(NULL AS VARCHAR) AS app_name,
    CAST(NULL AS VARCHAR) AS connection_state, CAST(NULL AS VARCHAR) AS connection_community_given
FROM _windows AS w
WHERE sensor = 'sysmon' AND EventID = 3 AND DestinationIp IS NOT NULL AND SourceIp IS NOT NULL
UNION ALL
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, CASE WHEN Direction = '%%14592' THEN 'Inbound' ELSE 'Outbound' END,
    NULL, TRY_CAST(w.ProcessId AS BIGINT), Application,
    CASE Protocol WHEN '6' THEN 'tcp' WHEN '17' THEN 'udp' ELSE Protocol END,
    SourceAddress, TRY_CAST(SourcePort AS INTEGER), DestAddress, TRY_CAST(DestPort AS INTEGER),
    NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM _windows AS w
WHERE sensor = 'security' AND EventID = 5156 AND DestAddress IS NOT NULL AND SourceAddress IS NOT NULL
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, NULL, 'zeek',
    CASE WHEN local_orig AND local_resp THEN 'Lateral' WHEN local_orig THEN 'Outbound' WHEN local_resp THEN 'Inbound' END,
    NULL, NULL, NULL, proto, id_orig_h, id_orig_p, id_resp_h, id_resp_p, uid, duration, orig_bytes, resp_bytes, service, conn_state, community_id
FROM zeek_conn
WHERE id_orig_h IS NOT NULL AND id_resp_h IS NOT NULL
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, NULL, 'zeek',
    CASE WHEN local_orig AND local_resp THEN 'Lateral' WHEN local_orig THEN 'Outbound' WHEN local_resp THEN 'Inbound' END,
    NULL, NULL, NULL, proto, id_orig_h, id_orig_p, id_resp_h, id_resp_p, uid, duration, orig_bytes, resp_bytes, service, conn_state, community_id
FROM _zeek_open
UNION ALL
-- Suricata counts whole packets, Zeek what they carry. Names of protocols as Zeek has them, so that one thing has one name; and of the state
-- of what was answered by a reset alone (flags RST, or RST and ACK), which to Suricata is closed like any other.
SELECT
    s.source || ':' || CAST(s.record AS VARCHAR), s.start_time, NULL, 'suricata', NULL,
    NULL, NULL, NULL, CASE lower(s.proto) WHEN 'ipv6-icmp' THEN 'icmp' ELSE lower(s.proto) END,
    s.src_ip, COALESCE(s.src_port, s.icmp_type), s.dest_ip, COALESCE(s.dest_port, s.icmp_code),
    'suricata:' || CAST(s.flow_id AS VARCHAR) || COALESCE('/' || CAST(g.nth AS VARCHAR), ''),
    CAST(date_diff('millisecond', s.flow_start, s.flow_end) AS DOUBLE) / 1000, s.flow_bytes_toserver, s.flow_bytes_toclient,
    CASE s.app_proto WHEN 'tls' THEN 'ssl' WHEN 'failed' THEN NULL WHEN 'unknown' THEN NULL ELSE s.app_proto END,
    CASE WHEN s.tcp_tcp_flags_tc IN ('04', '14') THEN 'REJ' ELSE s.flow_state END, s.community_id
FROM _suricata_flow AS s
LEFT JOIN _suricata_reused AS g ON g.flow_id = s.flow_id AND g.ends = concat_ws(' ', s.src_ip, s.src_port, s.dest_ip, s.dest_port)
    AND s.start_time >= g.since AND s.start_time < g.until
WHERE s.src_ip IS NOT NULL AND s.dest_ip IS NOT NULL
UNION ALL
SELECT
    ref, time, NULL, 'nfstream', NULL, NULL, NULL, NULL, proto, src_ip, src_port, dst_ip, dst_port, uid, duration, src2dst_bytes, dst2src_bytes,
    app, NULL, NULL
FROM _nfstream_flow
UNION ALL
-- A socket listing tells who talks with whom, not which of them began.
SELECT
    ref, time, device_hostname, 'artifact', NULL, NULL, pid, rooted_path, CASE WHEN upper(protocol) LIKE 'TCP%' THEN 'tcp' ELSE lower(protocol) END,
    local_ip, local_port, remote_ip, remote_port, NULL, NULL, NULL, NULL, NULL, state, NULL
FROM _artifact
WHERE kind = 'connection' AND remote_port > 0 AND local_ip IS NOT NULL AND remote_ip IS NOT NULL
