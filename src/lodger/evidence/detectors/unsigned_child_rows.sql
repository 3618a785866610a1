-- Launches of programs in the system's folders, by the day and the program that started them.
SELECT l.host, l.program, u.program AS parent, min(u.name) AS parent_name, CAST(p.start AS DATE) AS day, min(p.start) AS first, max(p.start) AS last,
    array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs, COUNT(DISTINCT p.ref) AS records
FROM process AS p
JOIN lineage AS l ON l.host = p.host AND l.uid = p.uid
JOIN lineage AS u ON u.host = p.host AND u.uid = p.parent_uid
WHERE l.place = 'system' AND p.start IS NOT NULL
GROUP BY l.host, l.program, u.program, CAST(p.start AS DATE)
