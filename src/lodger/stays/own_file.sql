-- What happened to programs' own files: written, marked with where they came from, deleted; and by which process. A stream is the file's.
WITH program_file AS (
    SELECT path, program, name, place
    FROM file_name
    WHERE regexp_matches(name, '[.](exe|dll|sys|scr|com|cpl|ocx|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|pif|lnk|efi)$')
),
told AS (
    SELECT device_hostname, activity_name, time, ref, file_path, file_contents, actor_process_uid, actor_process_file_path, file_path AS path
    FROM file_activity
    UNION ALL
    SELECT device_hostname, activity_name, time, ref, file_path, file_contents, actor_process_uid, actor_process_file_path,
        regexp_replace(file_path, ':[^\\:]*$', '')
    FROM file_activity
    WHERE activity_name = 'Create Stream'
),
own AS (
    SELECT f.*, n.program, n.name, n.place
    FROM told AS f
    JOIN program_file AS n ON n.path = f.path
    QUALIFY row_number() OVER (PARTITION BY f.ref ORDER BY n.path) = 1
)
SELECT
    f.device_hostname AS host, f.program, f.name, f.place, f.activity_name, f.time, f.ref, f.file_path, f.file_contents,
    f.actor_process_uid AS actor_uid, f.actor_process_file_path AS actor_path, l.program AS actor_program, l.name AS actor_name,
    l.role AS actor_role, COALESCE(l.free, FALSE) AS actor_free
FROM own AS f
LEFT JOIN lineage AS l ON l.host = f.device_hostname AND l.uid = f.actor_process_uid
