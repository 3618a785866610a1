-- Launches whose sensor reads version information (it does for others on that host) and found none.
WITH reads AS (
    SELECT host FROM process WHERE company_name IS NOT NULL GROUP BY host
)
SELECT s.stay_id, min(p.start) AS first, max(p.start) AS last, array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs, COUNT(DISTINCT p.ref) AS records
FROM stay AS s
JOIN reads AS r ON r.host = s.host
JOIN lineage AS l ON l.host = s.host AND l.program = s.program
JOIN process AS p ON p.host = l.host AND p.uid = l.uid
WHERE p.start IS NOT NULL AND p.hashes IS NOT NULL AND p.company_name IS NULL AND p.original_name IS NULL AND l.place <> 'system'
GROUP BY s.stay_id
