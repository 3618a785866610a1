-- OCSF 201001 and 201002 Registry Key and Value Activity, in one view because the sensors report both alike.
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor,
    CASE
        WHEN EventID = 13 THEN 'Set Value'
        WHEN EventID = 14 THEN 'Rename'
        WHEN EventType LIKE 'Delete%' THEN 'Delete'
        ELSE 'Create'
    END AS activity_name,
    TargetObject AS reg_path, Details AS reg_value_data,
    process_guid AS actor_process_uid, Image AS actor_process_file_path, "User" AS actor_user_name
FROM _windows AS w
WHERE sensor = 'sysmon' AND EventID IN (12, 13, 14) AND TargetObject IS NOT NULL
UNION ALL
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor,
    CASE WHEN OperationType = '%%1906' THEN 'Delete' ELSE 'Set Value' END,
    ObjectName || '\' || COALESCE(ObjectValueName, ''), NewValue, NULL, ProcessName, SubjectUserName
FROM _windows AS w
WHERE sensor = 'security' AND EventID = 4657 AND ObjectName IS NOT NULL
