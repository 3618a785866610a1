-- Entries that start a program by themselves: services, drivers, autostart values and tasks; set up and removed. `program` is what
-- the entry starts, `actor_uid` the process that made it where the sensor knows.
WITH entry AS (
    SELECT device_hostname AS host, time, ref, CASE WHEN service_type LIKE '%kernel%' OR service_type = '0x1' THEN 'driver' ELSE 'service' END AS kind,
        service_name AS name, 'Create' AS activity_name, service_file_path AS text, CAST(NULL AS VARCHAR) AS actor_uid
    FROM service_activity
    UNION ALL
    SELECT device_hostname, time, ref, 'task', job_name, activity_name, job_cmd_line, NULL
    FROM scheduled_job_activity
    WHERE activity_name IN ('Create', 'Delete')
    UNION ALL
    SELECT
        device_hostname, time, ref,
        CASE
            WHEN lower(reg_path) LIKE '%\services\%' THEN CASE WHEN lower(COALESCE(reg_value_data, '')) LIKE '%.sys' THEN 'driver' ELSE 'service' END
            ELSE 'autostart value'
        END,
        CASE
            WHEN lower(reg_path) LIKE '%\services\%' THEN regexp_extract(reg_path, '[Ss][Ee][Rr][Vv][Ii][Cc][Ee][Ss]\\([^\\]+)', 1)
            ELSE regexp_extract(reg_path, '([^\\]+)$', 1)
        END,
        CASE WHEN activity_name = 'Set Value' THEN 'Create' ELSE activity_name END, reg_value_data, actor_process_uid
    FROM registry_activity
    WHERE (activity_name = 'Set Value'
            AND (lower(reg_path) LIKE '%\currentversion\run\%' OR lower(reg_path) LIKE '%\currentversion\runonce\%'
                OR regexp_matches(lower(reg_path), '\\services\\[^\\]+\\(imagepath|parameters\\servicedll)$')))
        OR (activity_name = 'Delete'
            AND (lower(reg_path) LIKE '%\currentversion\run\%' OR regexp_matches(lower(reg_path), '\\services\\[^\\]+$')))
)
SELECT e.host, e.time, e.ref, e.kind, e.name, e.activity_name, e.text, e.actor_uid, c.program, c.name AS program_name, c.place
FROM entry AS e
LEFT JOIN command_name AS c ON c.text = e.text
