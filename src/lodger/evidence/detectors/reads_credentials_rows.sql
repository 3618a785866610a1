-- By the day: PROCESS_VM_READ (0x10) on lsass; a dump of it, the SAM or the directory database as a file; changes to accounts and
-- secrets in the registry. Who may read the memory of eight programs or more on a day, all by the same rights, looks at all that runs, as an
-- inventory or the guard of a game does, and not for credentials; by other rights besides, it does.
WITH looked_in AS (
    SELECT device_hostname AS host, actor_process_uid AS uid, CAST(time AS DATE) AS day, actual_permissions AS rights
    FROM process_activity
    WHERE activity_name = 'Open' AND (actual_permissions & 16) <> 0
    GROUP BY device_hostname, actor_process_uid, CAST(time AS DATE), actual_permissions
    HAVING COUNT(DISTINCT lower(process_file_path)) >= 8
),
touch AS (
    SELECT device_hostname AS host, actor_process_uid AS uid, time, ref, 'opened lsass.exe with the right to read its memory' AS what
    FROM process_activity
    WHERE activity_name = 'Open' AND lower(process_file_path) LIKE '%\lsass.exe' AND (actual_permissions & 16) <> 0
        AND NOT EXISTS (
            SELECT 1 FROM looked_in AS k
            WHERE k.host = device_hostname AND k.uid = actor_process_uid AND k.day = CAST(time AS DATE) AND k.rights = actual_permissions
        )
    UNION ALL
    SELECT device_hostname, actor_process_uid, time, ref, 'wrote ' || file_path
    FROM file_activity
    WHERE activity_name = 'Create'
        AND regexp_matches(lower(file_path), 'lsass[^\\]*[.]dmp$|\\ntds[.]dit$|[\\](sam|security)[.](save|hive|bak|hiv)$')
    UNION ALL
    SELECT device_hostname, actor_process_uid, time, ref, 'changed ' || reg_path
    FROM registry_activity
    WHERE lower(reg_path) LIKE 'hklm\sam\sam\domains\account\users%' OR lower(reg_path) LIKE 'hklm\security\policy\secrets%'
)
SELECT a.stay_id, CAST(t.time AS DATE) AS day, min(t.time) AS first, max(t.time) AS last, array_slice(list_sort(list(DISTINCT t.ref)), 1, 20) AS refs,
    COUNT(DISTINCT t.ref) AS records, list_sort(list(DISTINCT t.what)) AS what
FROM touch AS t
JOIN acting AS a ON a.host = t.host AND a.uid = t.uid
JOIN lineage AS l ON l.host = t.host AND l.uid = t.uid
WHERE l.program NOT IN ('\windows\system32\lsass.exe', '\windows\system32\wininit.exe', '\windows\system32\csrss.exe')
GROUP BY a.stay_id, CAST(t.time AS DATE)
