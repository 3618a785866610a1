-- The program's file was written by an ordinary program (no launcher, no opener, no system tool of a person) within a day before it first ran.
SELECT s.stay_id, min(o.time) AS first, max(o.time) AS last, array_slice(list_sort(list(DISTINCT o.ref)), 1, 20) AS refs, COUNT(DISTINCT o.ref) AS records,
    min(COALESCE(o.actor_name, o.actor_path)) AS by_whom, min(o.file_path) AS file
FROM stay AS s
JOIN own_file AS o ON o.host = s.host AND o.program = s.program
WHERE o.activity_name = 'Create' AND o.actor_role = 'plain' AND NOT o.actor_free AND o.actor_program <> s.program
    AND o.actor_program NOT IN ('\windows\system32\msiexec.exe', '\windows\syswow64\msiexec.exe')
    AND o.time BETWEEN s.first_seen - INTERVAL 1 DAY AND s.first_seen + INTERVAL 10 SECOND
GROUP BY s.stay_id
