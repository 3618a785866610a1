-- By the day: the stays for which each process acts that wrote or deleted a program's file; and, without a process, the other programs
-- whose processes act for each stay.
SELECT DISTINCT o.host, a.stay_id, o.actor_uid AS uid, CAST(NULL AS VARCHAR) AS program, CAST(o.time AS DATE) AS day
FROM own_file AS o
JOIN acting AS a ON a.host = o.host AND a.uid = o.actor_uid
WHERE o.activity_name IN ('Create', 'Delete')
UNION ALL
SELECT DISTINCT a.host, a.stay_id, CAST(NULL AS VARCHAR), l.program, CAST(p.first_seen AS DATE)
FROM acting AS a
JOIN lineage AS l ON l.host = a.host AND l.uid = a.uid
JOIN process AS p ON p.host = a.host AND p.uid = a.uid
WHERE NOT l.tool AND l.program <> a.program
