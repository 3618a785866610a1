-- Processes of programs with such a file name, by the day of the record that tells of each first: those of earlier days were told then.
SELECT l.host, l.program, CAST(COALESCE(p.start, p.first_seen) AS DATE) AS day, array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs,
    COUNT(DISTINCT p.ref) AS records
FROM lineage AS l
JOIN process AS p ON p.host = l.host AND p.uid = l.uid
LEFT JOIN earlier_instance AS e ON e.host = p.host AND e.uid = p.uid
WHERE e.uid IS NULL AND (regexp_matches(l.name, '[.](jpe?g|png|gif|bmp|tiff?|webp|pdf|docx?|xlsx?|pptx?|rtf|txt|csv|odt|zip|rar|7z|mp[34]|avi|mov|html?|eml|msg) *[.](exe|scr|com|pif|bat|cmd|js|jse|vbs|vbe|wsf|hta|lnk|ps1|cpl|dll|jar|msi)$')
    OR regexp_matches(l.name, '[' || chr(8234) || '-' || chr(8238) || chr(8294) || '-' || chr(8297) || ']'))
GROUP BY l.host, l.program, CAST(COALESCE(p.start, p.first_seen) AS DATE)
