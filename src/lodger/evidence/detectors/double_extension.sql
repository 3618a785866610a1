-- The file name itself.
SELECT s.stay_id, s.first_seen AS first, s.first_seen AS last, list_sort(list(DISTINCT p.ref) FILTER (WHERE p.ref IS NOT NULL)) AS refs, COUNT(DISTINCT p.ref) AS records, min(s.name) AS name
FROM stay AS s
JOIN lineage AS l ON l.host = s.host AND l.program = s.program
JOIN process AS p ON p.host = l.host AND p.uid = l.uid
WHERE regexp_matches(s.name, '[.](jpe?g|png|gif|bmp|tiff?|webp|pdf|docx?|xlsx?|pptx?|rtf|txt|csv|odt|zip|rar|7z|mp[34]|avi|mov|html?|eml|msg) *[.](exe|scr|com|pif|bat|cmd|js|jse|vbs|vbe|wsf|hta|lnk|ps1|cpl|dll|jar|msi)$')
    OR regexp_matches(s.name, '[' || chr(8234) || '-' || chr(8238) || chr(8294) || '-' || chr(8297) || ']')
GROUP BY s.stay_id, s.first_seen
