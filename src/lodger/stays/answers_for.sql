-- The programs of the processes that act for a stay: its own, and those that it started or dropped and answers for.
SELECT DISTINCT a.host, a.stay_id, l.program, l.program <> a.program AS other
FROM acting AS a
JOIN lineage AS l ON l.host = a.host AND l.uid = a.uid
WHERE NOT l.tool
