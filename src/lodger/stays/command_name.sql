-- Command lines by which services, tasks and autostart entries start programs, once each.
SELECT text
FROM (
    SELECT service_file_path AS text FROM service_activity
    UNION
    SELECT job_cmd_line FROM scheduled_job_activity
    UNION
    SELECT reg_value_data FROM registry_activity
    WHERE activity_name = 'Set Value'
        AND (lower(reg_path) LIKE '%\currentversion\run%' OR lower(reg_path) LIKE '%\services\%\imagepath'
            OR lower(reg_path) LIKE '%\services\%\servicedll')
) AS commands
WHERE text IS NOT NULL
