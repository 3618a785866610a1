-- OCSF 1001 File System Activity: Create, Delete, Set Attributes, and Create of an alternate data stream ('Create Stream').
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor,
    CASE EventID WHEN 11 THEN 'Create' WHEN 15 THEN 'Create Stream' WHEN 2 THEN 'Set Attributes' ELSE 'Delete' END AS activity_name,
    TargetFilename AS file_path, COALESCE(Hashes, Hash) AS file_hashes, Contents AS file_contents,
    process_guid AS actor_process_uid, Image AS actor_process_file_path, "User" AS actor_user_name
FROM _windows AS w
WHERE sensor = 'sysmon' AND EventID IN (2, 11, 15, 23, 26) AND TargetFilename IS NOT NULL
UNION ALL
SELECT
    w.ref, w.host_time AS time, w.device_hostname, w.sensor, 'Delete', ObjectName, NULL, NULL, NULL, ProcessName, SubjectUserName
FROM _windows AS w LEFT JOIN _hexadecimal_value AS m ON m.text = w.AccessMask
WHERE sensor = 'security' AND EventID = 4663 AND ObjectType = 'File' AND (m.value & 65536) <> 0 AND ObjectName IS NOT NULL
