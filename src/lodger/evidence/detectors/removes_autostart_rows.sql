-- By the day: the other programs whose processes act for each stay.
SELECT DISTINCT a.host, a.stay_id, l.program, CAST(p.first_seen AS DATE) AS day
FROM acting AS a
JOIN lineage AS l ON l.host = a.host AND l.uid = a.uid
JOIN process AS p ON p.host = a.host AND p.uid = a.uid
WHERE NOT l.tool AND l.program <> a.program
