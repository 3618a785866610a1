-- By the day, launches whose version information tells another name than the file has, without extensions, versions and platform suffixes.
SELECT l.host, l.program, CAST(p.start AS DATE) AS day, min(p.start) AS first, max(p.start) AS last,
    array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs, COUNT(DISTINCT p.ref) AS records, min(p.original_name) AS original
FROM lineage AS l
JOIN process AS p ON p.host = l.host AND p.uid = l.uid
WHERE p.start IS NOT NULL AND p.original_name IS NOT NULL AND l.role <> 'body' AND l.place <> 'system'
    AND strpos(regexp_replace(lower(l.name), '[^a-z]', '', 'g'), left(regexp_replace(regexp_replace(lower(p.original_name), '[.](exe|dll|mui|com|scr)', '', 'g'), '[^a-z]', '', 'g'), 4)) = 0
GROUP BY l.host, l.program, CAST(p.start AS DATE)
