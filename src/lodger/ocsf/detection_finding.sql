-- OCSF 2004 Detection Finding: what a network sensor's own rules and decoders complained of. severity_id is OCSF's: 4 High, 3 Medium,
-- 2 Low, 1 Informational.
SELECT
    s.source || ':' || CAST(s.record AS VARCHAR) AS ref, s.time, 'suricata' AS sensor, 'Rule' AS analytic_type,
    CAST(s.alert_gid AS VARCHAR) || ':' || CAST(s.alert_signature_id AS VARCHAR) || ':' || CAST(s.alert_rev AS VARCHAR) AS analytic_uid,
    s.alert_signature AS finding_info_title, s.alert_category AS finding_info_type,
    s.alert_metadata_mitre_technique_id AS attack_technique_uids,
    CASE s.alert_severity WHEN 1 THEN 4 WHEN 2 THEN 3 WHEN 3 THEN 2 ELSE 1 END AS severity_id,
    CASE s.alert_action WHEN 'allowed' THEN 'Allowed' WHEN 'blocked' THEN 'Blocked' END AS disposition,
    'suricata:' || CAST(s.flow_id AS VARCHAR) || COALESCE('/' || CAST(g.nth AS VARCHAR), '') AS connection_uid,
    CASE lower(s.proto) WHEN 'ipv6-icmp' THEN 'icmp' ELSE lower(s.proto) END AS connection_protocol_name,
    s.src_ip AS src_endpoint_ip, s.src_port AS src_endpoint_port, s.dest_ip AS dst_endpoint_ip, s.dest_port AS dst_endpoint_port
FROM suricata_alert AS s
LEFT JOIN _suricata_reused AS g ON g.flow_id = s.flow_id AND g.ends = concat_ws(' ', s.src_ip, s.src_port, s.dest_ip, s.dest_port)
    AND COALESCE(s.flow_start, s.time) >= g.since AND COALESCE(s.flow_start, s.time) < g.until
WHERE s.alert_signature IS NOT NULL OR s.alert_signature_id IS NOT NULL
UNION ALL
SELECT
    s.source || ':' || CAST(s.record AS VARCHAR), s.time, 'suricata', 'Protocol', NULL,
    COALESCE(s.anomaly_event, 'code ' || CAST(s.anomaly_code AS VARCHAR)), s.anomaly_type, NULL, 1, NULL,
    'suricata:' || CAST(s.flow_id AS VARCHAR) || COALESCE('/' || CAST(g.nth AS VARCHAR), ''),
    CASE lower(s.proto) WHEN 'ipv6-icmp' THEN 'icmp' ELSE lower(s.proto) END,
    s.src_ip, s.src_port, s.dest_ip, s.dest_port
FROM suricata_anomaly AS s
LEFT JOIN _suricata_reused AS g ON g.flow_id = s.flow_id AND g.ends = concat_ws(' ', s.src_ip, s.src_port, s.dest_ip, s.dest_port)
    AND s.time >= g.since AND s.time < g.until
