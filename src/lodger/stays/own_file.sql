-- What happened to programs' own files: written, marked with where they came from, deleted; and by which process.
SELECT
    f.device_hostname AS host, n.program, n.name, n.place, f.activity_name, f.time, f.ref, f.file_path, f.file_contents,
    f.actor_process_uid AS actor_uid, f.actor_process_file_path AS actor_path, l.program AS actor_program, l.name AS actor_name,
    l.role AS actor_role, COALESCE(l.free, FALSE) AS actor_free
FROM file_activity AS f
JOIN file_name AS n ON n.path = regexp_replace(f.file_path, ':[^\\:]*$', '') OR n.path = f.file_path
LEFT JOIN lineage AS l ON l.host = f.device_hostname AND l.uid = f.actor_process_uid
WHERE regexp_matches(n.name, '[.](exe|dll|sys|scr|com|cpl|ocx|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|pif|lnk|efi)$')
    AND (n.path = f.file_path OR f.activity_name = 'Create Stream')
QUALIFY row_number() OVER (PARTITION BY f.ref ORDER BY n.path) = 1
