-- By the day: remote threads, and handles with the three rights that writing and running code needs (VM_OPERATION, VM_WRITE,
-- CREATE_THREAD), on a process of another program that is no child of the actor: a parent has these rights on its children by nature.
WITH act AS (
    SELECT device_hostname AS host, actor_process_uid AS uid, process_uid AS target_uid, time, ref,
        CASE WHEN activity_name = 'Inject' THEN 'started a thread in ' ELSE 'took the rights to write and run code in ' END || process_file_path AS what
    FROM process_activity
    WHERE activity_name = 'Inject' OR (activity_name = 'Open' AND (actual_permissions & 42) = 42)
)
SELECT a.stay_id, CAST(c.time AS DATE) AS day, min(c.time) AS first, max(c.time) AS last, array_slice(list_sort(list(DISTINCT c.ref)), 1, 20) AS refs,
    COUNT(DISTINCT c.ref) AS records, list_sort(list(DISTINCT c.what)) AS what
FROM act AS c
JOIN lineage AS l ON l.host = c.host AND l.uid = c.uid
JOIN lineage AS t ON t.host = c.host AND t.uid = c.target_uid
JOIN acting AS a ON a.host = c.host AND a.uid = c.uid
WHERE t.program <> l.program AND t.parent_uid IS DISTINCT FROM c.uid AND l.role NOT IN ('launcher', 'desktop')
    AND NOT EXISTS (SELECT 1 FROM acting AS s WHERE s.host = c.host AND s.uid = c.target_uid AND s.stay_id = a.stay_id)
GROUP BY a.stay_id, CAST(c.time AS DATE)
