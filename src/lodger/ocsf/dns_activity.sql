-- OCSF 4003 DNS Activity: what was asked and answered; the host's sensor also names the process that asked.
-- answers is one text with the answers parted by ';', as Sysmon writes them.
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, process_guid AS process_uid, Image AS process_file_path,
    CAST(NULL AS VARCHAR) AS src_endpoint_ip, lower(QueryName) AS query_hostname, QueryResults AS answers,
    CASE WHEN QueryStatus = '0' THEN 'NoError' ELSE QueryStatus END AS rcode
FROM _windows AS w
WHERE sensor = 'sysmon' AND EventID = 22 AND QueryName IS NOT NULL
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, NULL, 'zeek', NULL, NULL, id_orig_h, lower(query), array_to_string(answers, ';'), rcode_name
FROM zeek_dns
WHERE query IS NOT NULL AND id_orig_h IS NOT NULL
