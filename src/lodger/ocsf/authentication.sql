-- OCSF 3002 Authentication: logons and tickets that hosts, Kerberos and NTLM report. `src_endpoint_ip` is the client's.
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, CASE WHEN EventID = 4625 THEN 'Failure' ELSE 'Success' END AS status,
    'Logon' AS activity_name, TargetUserName AS user_name, nullif(TargetDomainName, '-') AS user_domain,
    TRY_CAST(LogonType AS INTEGER) AS logon_type_id,
    CASE WHEN AuthenticationPackageName LIKE 'NTLM%' OR AuthenticationPackageName LIKE 'MICROSOFT_AUTHENTICATION_PACKAGE%' THEN 'NTLM'
        ELSE nullif(AuthenticationPackageName, '-') END AS auth_protocol_name,
    replace(lower(nullif(IpAddress, '-')), '::ffff:', '') AS src_endpoint_ip, nullif(WorkstationName, '-') AS src_endpoint_hostname,
    nullif(ProcessName, '-') AS actor_process_file_path
FROM _windows AS w
WHERE sensor = 'security' AND EventID IN (4624, 4625, 4648)
UNION ALL
SELECT
    ref, w.host_time, w.device_hostname, sensor, CASE WHEN Status = '0x0' THEN 'Success' ELSE 'Failure' END,
    CASE WHEN EventID = 4768 THEN 'Authentication Ticket' ELSE 'Service Ticket Request' END, TargetUserName, nullif(TargetDomainName, '-'),
    NULL, 'Kerberos', replace(lower(nullif(IpAddress, '-')), '::ffff:', ''), NULL, NULL
FROM _windows AS w
WHERE sensor = 'security' AND EventID IN (4768, 4769) AND TargetUserName IS NOT NULL
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, id_resp_h, 'zeek', CASE WHEN success THEN 'Success' ELSE 'Failure' END,
    'Authentication Ticket', client, NULL, NULL, 'Kerberos', id_orig_h, NULL, NULL
FROM zeek_kerberos
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, id_resp_h, 'zeek', CASE WHEN success THEN 'Success' ELSE 'Failure' END,
    'Logon', username, domainname, NULL, 'NTLM', id_orig_h, hostname, NULL
FROM zeek_ntlm
