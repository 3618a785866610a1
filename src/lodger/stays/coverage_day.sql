-- What came from which sensor, day by day and by type of event: host (null: a sensor on the network), day, sensor, event id,
-- records, how many of them have a command line, first and last. A day without a row is a day that says nothing, for or against.
SELECT
    device_hostname AS host,
    CAST(host_time AS DATE) AS day,
    replace(replace(COALESCE(Channel, Provider, 'unknown'), 'Microsoft-Windows-', ''), '/Operational', '') AS sensor,
    EventID AS event_id,
    COUNT(*) AS records,
    COUNT(CASE WHEN CommandLine <> '' THEN 1 END) AS command_lines,
    min(host_time) AS first_time,
    max(host_time) AS last_time
FROM _windows
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT NULL, day, 'zeek_conn', NULL, COUNT(*), 0, min(time), max(time) FROM zeek_conn GROUP BY day
UNION ALL
SELECT NULL, day, 'zeek_http', NULL, COUNT(*), 0, min(time), max(time) FROM zeek_http GROUP BY day
UNION ALL
SELECT NULL, day, 'zeek_ssl', NULL, COUNT(*), 0, min(time), max(time) FROM zeek_ssl GROUP BY day
UNION ALL
SELECT NULL, day, 'zeek_dns', NULL, COUNT(*), 0, min(time), max(time) FROM zeek_dns GROUP BY day
UNION ALL
SELECT NULL, day, 'zeek_files', NULL, COUNT(*), 0, min(time), max(time) FROM zeek_files GROUP BY day
UNION ALL
SELECT NULL, day, 'suricata_flow', NULL, COUNT(*), 0, min(time), max(time) FROM suricata_flow GROUP BY day
UNION ALL
SELECT NULL, day, 'suricata_http', NULL, COUNT(*), 0, min(time), max(time) FROM suricata_http GROUP BY day
UNION ALL
SELECT NULL, day, 'suricata_tls', NULL, COUNT(*), 0, min(time), max(time) FROM suricata_tls GROUP BY day
UNION ALL
SELECT NULL, day, 'suricata_dns', NULL, COUNT(*), 0, min(time), max(time) FROM suricata_dns GROUP BY day
UNION ALL
SELECT NULL, day, 'suricata_fileinfo', NULL, COUNT(*), 0, min(time), max(time) FROM suricata_fileinfo GROUP BY day
UNION ALL
SELECT NULL, day, 'nfstream_flow', NULL, COUNT(*), 0, min(time), max(time) FROM nfstream_flow GROUP BY day
