-- OCSF 1006 Scheduled Job Activity: a task was created, changed or deleted (Security 4698-4702, TaskScheduler 106, 140, 141).
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor,
    CASE WHEN EventID IN (4698, 106) THEN 'Create' WHEN EventID IN (4699, 141) THEN 'Delete' ELSE 'Update' END AS activity_name,
    TaskName AS job_name,
    nullif(trim(
        regexp_extract(TaskContent, '<Command>([^<]*)</Command>', 1) || ' ' || regexp_extract(TaskContent, '<Arguments>([^<]*)</Arguments>', 1)
    ), '') AS job_cmd_line,
    COALESCE(SubjectUserName, UserContext) AS actor_user_name
FROM _windows AS w
WHERE TaskName IS NOT NULL
    AND (sensor = 'security' AND EventID IN (4698, 4699, 4702)
        OR Channel = 'Microsoft-Windows-TaskScheduler/Operational' AND EventID IN (106, 140, 141))
