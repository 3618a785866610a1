-- OCSF 1001 File System Activity: Create, Delete, Set Attributes, Create of an alternate data stream ('Create Stream'), and of executable content
-- whatever its name ('Create Program', which Sysmon tells beside the Create).
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor,
    CASE EventID WHEN 11 THEN 'Create' WHEN 15 THEN 'Create Stream' WHEN 2 THEN 'Set Attributes' WHEN 29 THEN 'Create Program' ELSE 'Delete' END AS activity_name,
    TargetFilename AS file_path, COALESCE(Hashes, Hash) AS file_hashes, Contents AS file_contents,
    process_guid AS actor_process_uid, Image AS actor_process_file_path, "User" AS actor_user_name
FROM _windows AS w
WHERE sensor = 'sysmon' AND EventID IN (2, 11, 15, 23, 26, 29) AND TargetFilename IS NOT NULL
UNION ALL
SELECT
    w.ref, w.host_time AS time, w.device_hostname, w.sensor, 'Delete', ObjectName, NULL, NULL, NULL, ProcessName, SubjectUserName
FROM _windows AS w LEFT JOIN _hexadecimal_value AS m ON m.text = w.AccessMask
WHERE sensor = 'security' AND EventID = 4663 AND ObjectType = 'File' AND (m.value & 65536) <> 0 AND ObjectName IS NOT NULL
UNION ALL
-- The change journal tells of creations and deletions when they happen; its record of the closing repeats what came before.
SELECT
    ref, time, device_hostname, 'artifact', CASE WHEN upper(reason) LIKE '%DELETE%' THEN 'Delete' ELSE 'Create' END,
    rooted_path, NULL, NULL, NULL, NULL, NULL
FROM _artifact
WHERE kind = 'usn' AND rooted_path IS NOT NULL
    AND (regexp_matches(upper(reason), 'FILE_?DELETE')
        OR regexp_matches(upper(reason), 'FILE_?CREATE') AND NOT regexp_matches(upper(reason), 'CLOSE'))
UNION ALL
-- A file is as old as the later of its two times of creation: the standard one can be set at will, the name's own is copied from it
-- when the file is moved. What an image was made of bears the time of the installation there.
SELECT
    ref, greatest(COALESCE(created, created_name), COALESCE(created_name, created)), device_hostname, 'artifact',
    CASE WHEN contents IS NULL THEN 'Create' ELSE 'Create Stream' END, rooted_path, NULL, contents, NULL, NULL, NULL
FROM _artifact
WHERE kind = 'mft' AND rooted_path IS NOT NULL AND COALESCE(is_directory, FALSE) = FALSE AND created_name IS NOT NULL
