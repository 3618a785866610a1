-- Version information against file name, without extensions, versions and platform suffixes.
SELECT s.stay_id, min(p.start) AS first, max(p.start) AS last, array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs, COUNT(DISTINCT p.ref) AS records, min(p.original_name) AS original, min(s.name) AS name
FROM stay AS s
JOIN lineage AS l ON l.host = s.host AND l.program = s.program
JOIN process AS p ON p.host = l.host AND p.uid = l.uid
WHERE p.start IS NOT NULL AND p.original_name IS NOT NULL AND s.role <> 'body' AND s.place <> 'system'
    AND strpos(regexp_replace(lower(s.name), '[^a-z]', '', 'g'), left(regexp_replace(regexp_replace(lower(p.original_name), '[.](exe|dll|mui|com|scr)', '', 'g'), '[^a-z]', '', 'g'), 4)) = 0
GROUP BY s.stay_id
