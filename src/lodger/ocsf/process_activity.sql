-- OCSF 1007 Process Activity: Launch, Terminate, Open, Inject. `actor_process` acts, `process` is acted on; on Launch the actor
-- is the parent. process_uid is the sensor's own id of the instance where it gives one (Sysmon's ProcessGuid).
SELECT
    w.ref, w.host_time AS time, w.device_hostname, w.sensor, 'Launch' AS activity_name,
    process_guid AS process_uid, p.value AS process_pid, Image AS process_file_path, CommandLine AS process_cmd_line,
    parent_guid AS actor_process_uid, TRY_CAST(ParentProcessId AS BIGINT) AS actor_process_pid,
    nullif(ParentImage, '-') AS actor_process_file_path, nullif(ParentCommandLine, '') AS actor_process_cmd_line,
    "User" AS actor_user_name, IntegrityLevel AS process_integrity, Hashes AS process_file_hashes,
    nullif(OriginalFileName, '-') AS process_file_original_name, nullif(Company, '-') AS process_file_company_name,
    nullif(Product, '-') AS process_file_product_name, TRY_CAST(NULL AS BIGINT) AS actual_permissions
FROM _windows AS w LEFT JOIN _hexadecimal_value AS p ON p.text = w.ProcessId
WHERE sensor = 'sysmon' AND EventID = 1 AND Image IS NOT NULL
UNION ALL
SELECT
    w.ref, w.host_time AS time, w.device_hostname, w.sensor, 'Launch',
    NULL, c.value, NewProcessName, nullif(CommandLine, ''),
    NULL, p.value, nullif(ParentProcessName, ''), NULL,
    COALESCE(nullif(TargetUserName, '-'), SubjectUserName), MandatoryLabel, NULL, NULL, NULL, NULL, NULL
FROM _windows AS w
LEFT JOIN _hexadecimal_value AS c ON c.text = w.NewProcessId
LEFT JOIN _hexadecimal_value AS p ON p.text = w.ProcessId
WHERE sensor = 'security' AND EventID = 4688 AND NewProcessName IS NOT NULL
UNION ALL
SELECT
    w.ref, w.host_time AS time, w.device_hostname, w.sensor, 'Terminate',
    process_guid, p.value, Image, NULL, NULL, NULL, NULL, NULL, "User", NULL, NULL, NULL, NULL, NULL, NULL
FROM _windows AS w LEFT JOIN _hexadecimal_value AS p ON p.text = w.ProcessId
WHERE sensor = 'sysmon' AND EventID = 5 AND Image IS NOT NULL
UNION ALL
SELECT
    w.ref, w.host_time AS time, w.device_hostname, w.sensor, 'Terminate',
    NULL, p.value, ProcessName, NULL, NULL, NULL, NULL, NULL, SubjectUserName, NULL, NULL, NULL, NULL, NULL, NULL
FROM _windows AS w LEFT JOIN _hexadecimal_value AS p ON p.text = w.ProcessId
WHERE sensor = 'security' AND EventID = 4689 AND ProcessName IS NOT NULL
UNION ALL
SELECT
    w.ref, w.host_time AS time, w.device_hostname, w.sensor, 'Open',
    target_guid, TRY_CAST(TargetProcessId AS BIGINT), TargetImage, NULL,
    source_guid, TRY_CAST(SourceProcessId AS BIGINT), SourceImage, NULL,
    SourceUser, NULL, NULL, NULL, NULL, NULL, m.value
FROM _windows AS w LEFT JOIN _hexadecimal_value AS m ON m.text = w.GrantedAccess
WHERE sensor = 'sysmon' AND EventID = 10 AND TargetImage IS NOT NULL AND SourceImage IS NOT NULL
UNION ALL
SELECT
    w.ref, w.host_time AS time, w.device_hostname, w.sensor, 'Open',
    NULL, NULL, ObjectName, NULL, NULL, p.value, ProcessName, NULL, SubjectUserName, NULL, NULL, NULL, NULL, NULL, m.value
FROM _windows AS w
LEFT JOIN _hexadecimal_value AS m ON m.text = w.AccessMask
LEFT JOIN _hexadecimal_value AS p ON p.text = w.ProcessId
WHERE sensor = 'security' AND EventID IN (4656, 4663) AND ObjectType = 'Process' AND ObjectName IS NOT NULL
UNION ALL
SELECT
    w.ref, w.host_time AS time, w.device_hostname, w.sensor, 'Inject',
    target_guid, TRY_CAST(TargetProcessId AS BIGINT), TargetImage, NULL,
    source_guid, TRY_CAST(SourceProcessId AS BIGINT), SourceImage, NULL,
    SourceUser, NULL, NULL, NULL, NULL, NULL, NULL
FROM _windows AS w
WHERE sensor = 'sysmon' AND EventID = 8 AND TargetImage IS NOT NULL AND SourceImage IS NOT NULL
UNION ALL
-- Linux audit: one event's records share time and serial; SYSCALL has who, EXECVE the arguments, CWD the folder.
SELECT
    s.source || ':' || CAST(s.record AS VARCHAR), s.time, lower(COALESCE(s.node, 'unknown')), 'auditd', 'Launch',
    NULL, s.pid, CASE WHEN s.exe LIKE '/%' THEN s.exe ELSE COALESCE(c.cwd || '/', '') || s.exe END, x.cmd_line,
    NULL, s.ppid, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM auditd AS s
JOIN (
    SELECT source, time, serial, COALESCE(node, '') AS node, arg_min(cmd_line, record) AS cmd_line
    FROM auditd WHERE type = 'EXECVE' GROUP BY source, time, serial, COALESCE(node, '')
) AS x ON x.source = s.source AND x.time = s.time AND x.serial = s.serial AND x.node = COALESCE(s.node, '')
LEFT JOIN (
    SELECT source, time, serial, COALESCE(node, '') AS node, arg_min(cwd, record) AS cwd
    FROM auditd WHERE type = 'CWD' GROUP BY source, time, serial, COALESCE(node, '')
) AS c ON c.source = s.source AND c.time = s.time AND c.serial = s.serial AND c.node = COALESCE(s.node, '')
WHERE s.type = 'SYSCALL' AND s.success IS NOT FALSE AND s.exe IS NOT NULL
UNION ALL
-- A process listing tells when each process began; one that does not, that it ran. 'Run' is no launch: nobody saw one.
SELECT
    a.ref, COALESCE(a.created, a.time), a.device_hostname, 'artifact', CASE WHEN a.created IS NOT NULL THEN 'Launch' ELSE 'Run' END,
    CASE WHEN a.created IS NULL THEN 'artifact:' || a.ref END, a.pid, a.rooted_path, nullif(a.cmd_line, ''),
    NULL, CASE WHEN a.created IS NOT NULL THEN a.ppid END, NULL, NULL, a.user_name, NULL,
    nullif(concat_ws(',', 'SHA256=' || a.sha256, 'SHA1=' || a.sha1, 'MD5=' || a.md5), ''), NULL, NULL, NULL, NULL
FROM _artifact AS a
WHERE a.kind = 'process' AND a.rooted_path IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY a.device_hostname, a.pid, lower(a.rooted_path), COALESCE(CAST(a.created AS VARCHAR), a.ref) ORDER BY a.ref) = 1
UNION ALL
-- Prefetch, UserAssist, BAM and PCA tell when a program ran, each for itself: the same run told twice is one.
SELECT
    min(x.ref), TRY_CAST(x.run_time AS TIMESTAMP), x.device_hostname, 'artifact', 'Run',
    'artifact:' || min(x.ref) || ':' || x.run_time, NULL, x.path, NULL, NULL, NULL, NULL, NULL, min(x.user_name),
    NULL, NULL, NULL, NULL, NULL, NULL
FROM (
    SELECT ref, device_hostname, rooted_path AS path, user_name, unnest(run_times) AS run_time
    FROM _artifact
    WHERE kind = 'execution' AND rooted_path IS NOT NULL
) AS x
GROUP BY x.device_hostname, x.path, x.run_time
