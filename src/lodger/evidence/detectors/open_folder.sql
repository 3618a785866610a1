-- The program's own launches, by where its file lies.
SELECT s.stay_id, min(p.first_seen) AS first, max(p.last_seen) AS last,
    array_slice(list_sort(list(DISTINCT p.ref) FILTER (WHERE p.ref IS NOT NULL)), 1, 20) AS refs, COUNT(DISTINCT p.ref) AS records, min(s.path) AS path, min(s.place) AS place
FROM stay AS s
JOIN lineage AS l ON l.host = s.host AND l.program = s.program
JOIN process AS p ON p.host = l.host AND p.uid = l.uid
WHERE s.place IN ('downloads', 'temp', 'shared', 'remote')
GROUP BY s.stay_id
