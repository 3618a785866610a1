-- By the day: launches in which the sensor found no version information; and, without a program, the hosts where it found some.
SELECT l.host, l.program, CAST(p.start AS DATE) AS day, min(p.start) AS first, max(p.start) AS last,
    array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs, COUNT(DISTINCT p.ref) AS records
FROM lineage AS l
JOIN process AS p ON p.host = l.host AND p.uid = l.uid
WHERE p.start IS NOT NULL AND p.hashes IS NOT NULL AND p.company_name IS NULL AND p.original_name IS NULL AND l.place <> 'system'
GROUP BY l.host, l.program, CAST(p.start AS DATE)
UNION ALL
SELECT host, CAST(NULL AS VARCHAR), CAST(start AS DATE), min(start), max(start), CAST(NULL AS VARCHAR[]), COUNT(*)
FROM process
WHERE start IS NOT NULL AND company_name IS NOT NULL
GROUP BY host, CAST(start AS DATE)
