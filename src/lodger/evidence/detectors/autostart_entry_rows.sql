-- By the day: tasks that were made or removed as Sysmon tells it, by their file or by their key among the scheduler's (neither says what the
-- task starts); and the last time at which the scheduler started each program. Before Windows 10 a process of its own did that for it.
SELECT device_hostname AS host, CAST(NULL AS VARCHAR) AS program, activity_name, substr(file_path, strpos(lower(file_path), '\tasks\') + 6) AS name,
    time, ref, CAST(time AS DATE) AS day
FROM file_activity
WHERE activity_name IN ('Create', 'Delete') AND regexp_matches(lower(file_path), '\\windows\\(system32|sysnative|syswow64)\\tasks\\.')
UNION ALL
SELECT device_hostname, NULL, activity_name, substr(reg_path, strpos(lower(reg_path), '\taskcache\tree\') + 15), time, ref, CAST(time AS DATE)
FROM registry_activity
WHERE activity_name IN ('Create', 'Delete') AND regexp_matches(lower(reg_path), '\\schedule\\taskcache\\tree\\.')
UNION ALL
SELECT l.host, l.program, 'Launch', NULL, max(p.start), NULL, CAST(p.start AS DATE)
FROM process AS p
JOIN lineage AS l ON l.host = p.host AND l.uid = p.uid
JOIN lineage AS u ON u.host = p.host AND u.uid = p.parent_uid
WHERE p.start IS NOT NULL
    AND u.program IN (
        '\windows\system32\svchost.exe (schedule)', '\windows\system32\taskeng.exe', '\windows\system32\taskhost.exe',
        '\windows\system32\taskhostex.exe', '\windows\system32\taskhostw.exe'
    )
GROUP BY l.host, l.program, CAST(p.start AS DATE)
