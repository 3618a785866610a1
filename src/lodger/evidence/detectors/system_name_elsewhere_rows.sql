-- Processes of programs that lie where the system's and administrators' do not, by the day of the record that tells of each first.
SELECT l.host, l.program, CAST(COALESCE(p.start, p.first_seen) AS DATE) AS day, array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs,
    COUNT(DISTINCT p.ref) AS records
FROM lineage AS l
JOIN process AS p ON p.host = l.host AND p.uid = l.uid
LEFT JOIN earlier_instance AS e ON e.host = p.host AND e.uid = p.uid
WHERE e.uid IS NULL AND l.place NOT IN ('system', 'programs', 'other') AND l.role <> 'body' AND l.name LIKE '%.exe'
GROUP BY l.host, l.program, CAST(COALESCE(p.start, p.first_seen) AS DATE)
