-- By the day: the stays for which each process acts that made an autostart entry, where no person and not the system acts; and, without a
-- process, the other programs whose processes act for each stay.
SELECT DISTINCT e.host, a.stay_id, e.actor_uid AS uid, CAST(NULL AS VARCHAR) AS program, CAST(e.time AS DATE) AS day
FROM autostart AS e
JOIN acting AS a ON a.host = e.host AND a.uid = e.actor_uid
JOIN lineage AS l ON l.host = a.host AND l.uid = a.uid
WHERE e.activity_name = 'Create' AND NOT l.free
UNION ALL
SELECT DISTINCT a.host, a.stay_id, CAST(NULL AS VARCHAR), l.program, CAST(p.first_seen AS DATE)
FROM acting AS a
JOIN lineage AS l ON l.host = a.host AND l.uid = a.uid
JOIN process AS p ON p.host = a.host AND p.uid = a.uid
WHERE NOT l.tool AND l.program <> a.program
