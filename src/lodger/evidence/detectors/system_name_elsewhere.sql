-- Names of programs that lie below the Windows directory on this fleet's own hosts, and of the best known ones.
WITH system_name AS (
    SELECT DISTINCT name FROM stay WHERE place = 'system' AND kind = 'process' AND name LIKE '%.exe'
    UNION
    SELECT unnest(string_split('svchost.exe,lsass.exe,csrss.exe,services.exe,winlogon.exe,wininit.exe,smss.exe,spoolsv.exe,taskhostw.exe,explorer.exe,dllhost.exe,rundll32.exe', ',')) AS name
)
SELECT s.stay_id, s.first_seen AS first, s.first_seen AS last, array_slice(list_sort(list_distinct(flatten(list(r.refs)))), 1, 20) AS refs,
    CAST(sum(r.records) AS BIGINT) AS records, min(s.name) AS name, min(s.path) AS path
FROM stay AS s
JOIN system_name AS n ON n.name = s.name
JOIN system_name_elsewhere_rows AS r ON r.host = s.host AND r.program = s.program
WHERE s.role <> 'body'
GROUP BY s.stay_id, s.first_seen
