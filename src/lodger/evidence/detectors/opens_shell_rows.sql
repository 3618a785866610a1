-- By the day, shells among the program's own children whose command line is the shell alone: each is driven through its input, by somebody.
SELECT a.stay_id, CAST(p.start AS DATE) AS day, min(p.start) AS first, max(p.start) AS last, array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs,
    COUNT(DISTINCT p.ref) AS records, list_sort(list(DISTINCT l.name)) AS shells, COUNT(*) AS times
FROM acting AS a
JOIN lineage AS l ON l.host = a.host AND l.uid = a.uid
JOIN process AS p ON p.host = a.host AND p.uid = a.uid
WHERE a.distance >= 1 AND p.start IS NOT NULL AND l.role = 'shell' AND l.name <> 'conhost.exe'
    AND regexp_matches(lower(trim(COALESCE(p.cmd_line, ''))), '^("[^"]*(cmd|powershell|pwsh)([.]exe)?"|[^" ]*(cmd|powershell|pwsh)([.]exe)?) *(-nop|-noprofile|/q|/k)? *$')
GROUP BY a.stay_id, CAST(p.start AS DATE)
