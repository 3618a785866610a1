-- What came from which sensor, day by day and by type of event: host (null: a sensor on the network), day, sensor, event id (or
-- type, where the log has no numbers), records, how many of them have a command line, first and last. A day without a row is a day
-- that says nothing, for or against. A network log that is empty on a quiet day looks like one that was not written.
WITH wire AS (
    SELECT 'zeek_conn' AS sensor, day, time FROM zeek_conn
    UNION ALL
    SELECT 'zeek_http' AS sensor, day, time FROM zeek_http
    UNION ALL
    SELECT 'zeek_ssl' AS sensor, day, time FROM zeek_ssl
    UNION ALL
    SELECT 'zeek_dns' AS sensor, day, time FROM zeek_dns
    UNION ALL
    SELECT 'zeek_files' AS sensor, day, time FROM zeek_files
    UNION ALL
    SELECT 'zeek_x509' AS sensor, day, time FROM zeek_x509
    UNION ALL
    SELECT 'zeek_dhcp' AS sensor, day, time FROM zeek_dhcp
    UNION ALL
    SELECT 'zeek_pe' AS sensor, day, time FROM zeek_pe
    UNION ALL
    SELECT 'zeek_kerberos' AS sensor, day, time FROM zeek_kerberos
    UNION ALL
    SELECT 'zeek_ntlm' AS sensor, day, time FROM zeek_ntlm
    UNION ALL
    SELECT 'zeek_smb_files' AS sensor, day, time FROM zeek_smb_files
    UNION ALL
    SELECT 'zeek_smb_mapping' AS sensor, day, time FROM zeek_smb_mapping
    UNION ALL
    SELECT 'suricata_flow' AS sensor, day, time FROM suricata_flow
    UNION ALL
    SELECT 'suricata_http' AS sensor, day, time FROM suricata_http
    UNION ALL
    SELECT 'suricata_tls' AS sensor, day, time FROM suricata_tls
    UNION ALL
    SELECT 'suricata_dns' AS sensor, day, time FROM suricata_dns
    UNION ALL
    SELECT 'suricata_fileinfo' AS sensor, day, time FROM suricata_fileinfo
    UNION ALL
    SELECT 'suricata_alert' AS sensor, day, time FROM suricata_alert
    UNION ALL
    SELECT 'suricata_anomaly' AS sensor, day, time FROM suricata_anomaly
    UNION ALL
    SELECT 'suricata_smb' AS sensor, day, time FROM suricata_smb
    UNION ALL
    SELECT 'suricata_dhcp' AS sensor, day, time FROM suricata_dhcp
    UNION ALL
    SELECT 'nfstream_flow' AS sensor, day, time FROM nfstream_flow
),
of_channel AS (
    SELECT device_hostname AS host, CAST(host_time AS DATE) AS day, Channel, Provider, EventID, COUNT(*) AS records,
        COUNT(CASE WHEN CommandLine <> '' THEN 1 END) AS command_lines, min(host_time) AS first_time, max(host_time) AS last_time
    FROM _windows
    GROUP BY device_hostname, CAST(host_time AS DATE), Channel, Provider, EventID
)
SELECT
    host,
    day,
    replace(replace(COALESCE(Channel, Provider, 'unknown'), 'Microsoft-Windows-', ''), '/Operational', '') AS sensor,
    EventID AS event_id,
    CAST(NULL AS VARCHAR) AS event_type,
    CAST(sum(records) AS BIGINT) AS records,
    CAST(sum(command_lines) AS BIGINT) AS command_lines,
    min(first_time) AS first_time,
    max(last_time) AS last_time
FROM of_channel
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT
    lower(COALESCE(node, 'unknown')), day, 'auditd', NULL, type,
    COUNT(*), COUNT(CASE WHEN cmd_line <> '' THEN 1 END), min(time), max(time)
FROM auditd
GROUP BY 1, 2, 5
UNION ALL
SELECT NULL, day, sensor, NULL, NULL, COUNT(*), 0, min(time), max(time)
FROM wire
GROUP BY day, sensor
