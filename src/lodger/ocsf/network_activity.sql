-- OCSF 4001 Network Activity. Hosts' sensors name the process, network sensors the bytes; device_hostname is NULL where only the
-- network saw the connection.
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, CASE WHEN lower(Initiated) = 'false' THEN 'Inbound' ELSE 'Outbound' END AS connection_direction,
    process_guid AS process_uid, TRY_CAST(w.ProcessId AS BIGINT) AS process_pid, Image AS process_file_path,
    lower(Protocol) AS connection_protocol_name,
    SourceIp AS src_endpoint_ip, TRY_CAST(SourcePort AS INTEGER) AS src_endpoint_port,
    DestinationIp AS dst_endpoint_ip, TRY_CAST(DestinationPort AS INTEGER) AS dst_endpoint_port,
    CAST(NULL AS VARCHAR) AS connection_uid, CAST(NULL AS DOUBLE) AS duration_seconds,
    CAST(NULL AS BIGINT) AS traffic_bytes_out, CAST(NULL AS BIGINT) AS traffic_bytes_in, CAST(NULL AS VARCHAR) AS app_name,
    CAST(NULL AS VARCHAR) AS connection_state
FROM _windows AS w
WHERE sensor = 'sysmon' AND EventID = 3 AND DestinationIp IS NOT NULL AND SourceIp IS NOT NULL
UNION ALL
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, CASE WHEN Direction = '%%14592' THEN 'Inbound' ELSE 'Outbound' END,
    NULL, TRY_CAST(w.ProcessId AS BIGINT), Application,
    CASE Protocol WHEN '6' THEN 'tcp' WHEN '17' THEN 'udp' ELSE Protocol END,
    SourceAddress, TRY_CAST(SourcePort AS INTEGER), DestAddress, TRY_CAST(DestPort AS INTEGER),
    NULL, NULL, NULL, NULL, NULL, NULL
FROM _windows AS w
WHERE sensor = 'security' AND EventID = 5156 AND DestAddress IS NOT NULL AND SourceAddress IS NOT NULL
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, NULL, 'zeek', NULL,
    NULL, NULL, NULL, proto, id_orig_h, id_orig_p, id_resp_h, id_resp_p, uid, duration, orig_bytes, resp_bytes, service, conn_state
FROM zeek_conn
WHERE id_orig_h IS NOT NULL AND id_resp_h IS NOT NULL
