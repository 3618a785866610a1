-- Processes of programs in folders where anybody can lay a file, by the day of the record that tells of each first, and by that of their last.
WITH seen AS (
    SELECT p.host, p.uid, CAST(COALESCE(p.start, p.first_seen) AS DATE) AS day, p.first_seen AS time, p.ref
    FROM process AS p
    LEFT JOIN earlier_instance AS e ON e.host = p.host AND e.uid = p.uid
    WHERE e.uid IS NULL
    UNION ALL
    SELECT host, uid, CAST(last_seen AS DATE), last_seen, NULL FROM process
)
SELECT l.host, l.program, p.day, min(p.time) AS first, max(p.time) AS last,
    array_slice(list_sort(list(DISTINCT p.ref) FILTER (WHERE p.ref IS NOT NULL)), 1, 20) AS refs, COUNT(DISTINCT p.ref) AS records
FROM lineage AS l
JOIN seen AS p ON p.host = l.host AND p.uid = l.uid
WHERE l.place IN ('downloads', 'temp', 'shared', 'remote')
GROUP BY l.host, l.program, p.day
