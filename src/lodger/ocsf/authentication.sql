-- OCSF 3002 Authentication: logons that hosts, Kerberos and NTLM report.
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, CASE WHEN EventID = 4625 THEN 'Failure' ELSE 'Success' END AS status,
    'Logon' AS activity_name, TargetUserName AS user_name, TRY_CAST(LogonType AS INTEGER) AS logon_type_id,
    nullif(IpAddress, '-') AS src_endpoint_ip, nullif(WorkstationName, '-') AS src_endpoint_hostname,
    nullif(ProcessName, '-') AS actor_process_file_path
FROM _windows AS w
WHERE sensor = 'security' AND EventID IN (4624, 4625, 4648)
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, id_resp_h, 'zeek', CASE WHEN success THEN 'Success' ELSE 'Failure' END,
    'Authentication Ticket', client, NULL, id_orig_h, NULL, NULL
FROM zeek_kerberos
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, id_resp_h, 'zeek', CASE WHEN success THEN 'Success' ELSE 'Failure' END,
    'Logon', username, NULL, id_orig_h, hostname, NULL
FROM zeek_ntlm
