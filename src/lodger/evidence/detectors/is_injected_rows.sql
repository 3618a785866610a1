-- The other side of an injection, by the day: the stay of the process that was injected into.
SELECT a.stay_id, CAST(p.time AS DATE) AS day, min(p.time) AS first, max(p.time) AS last, array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs,
    COUNT(DISTINCT p.ref) AS records, list_sort(list(DISTINCT l.name)) AS actors
FROM process_activity AS p
JOIN lineage AS t ON t.host = p.device_hostname AND t.uid = p.process_uid
JOIN lineage AS l ON l.host = p.device_hostname AND l.uid = p.actor_process_uid
JOIN acting AS a ON a.host = t.host AND a.uid = t.uid AND a.distance = 0
WHERE p.activity_name = 'Inject' AND l.program <> t.program AND l.role NOT IN ('launcher', 'desktop') AND t.parent_uid IS DISTINCT FROM p.actor_process_uid
GROUP BY a.stay_id, CAST(p.time AS DATE)
