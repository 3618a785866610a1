-- A deleted entry whose creation was seen on the same host and that started this program, or one that it brought along. Not of what is
-- uninstalled: the program's file was deleted within ten minutes by an uninstaller that lay in its own folder, by what such a one started
-- (Inno Setup's and NSIS's go on as a copy of themselves in Temp, so that they can delete themselves), or by Windows' installer.
WITH uninstaller AS (
    SELECT host, stay_id, program, regexp_extract(program, '^.*\\') AS folder
    FROM stay
    WHERE regexp_matches(program, '\\(unins[^\\]*|uninst[^\\]*|setup|maintenance[^\\]*)[.]exe$')
),
remover AS (
    SELECT host, program, folder FROM uninstaller
    UNION
    SELECT r.host, r.program, u.folder FROM removes_autostart_rows AS r JOIN uninstaller AS u ON u.stay_id = r.stay_id
),
uninstalled AS (
    SELECT o.host, o.program, o.time
    FROM own_file AS o
    LEFT JOIN remover AS m ON m.host = o.host AND m.program = o.actor_program AND m.folder = left(o.program, length(m.folder))
    WHERE o.activity_name = 'Delete'
        AND (m.folder IS NOT NULL OR o.actor_program IN ('\windows\system32\msiexec.exe', '\windows\syswow64\msiexec.exe'))
),
brought AS (
    SELECT host, stay_id, program FROM removes_autostart_rows
    UNION
    SELECT host, stay_id, program FROM stay WHERE kind = 'process'
)
SELECT f.stay_id, min(d.time) AS first, max(d.time) AS last, array_slice(list_sort(list(DISTINCT d.ref)), 1, 20) AS refs, COUNT(DISTINCT d.ref) AS records, list_sort(list(DISTINCT d.name)) AS entries,
    CASE
        WHEN max(date_diff('second', c.time, d.time)) < 7200
            THEN CAST(CAST(max(date_diff('second', c.time, d.time)) / 60 AS BIGINT) AS VARCHAR) || ' min'
        WHEN max(date_diff('second', c.time, d.time)) < 172800
            THEN CAST(CAST(max(date_diff('second', c.time, d.time)) / 3600 AS BIGINT) AS VARCHAR) || ' h'
        ELSE CAST(CAST(max(date_diff('second', c.time, d.time)) / 86400 AS BIGINT) AS VARCHAR) || ' days'
    END AS after
FROM entry AS d
JOIN entry AS c ON c.host = d.host AND lower(c.name) = lower(d.name) AND c.activity_name = 'Create' AND c.time <= d.time AND c.program IS NOT NULL
JOIN brought AS f ON f.host = c.host AND f.program = c.program
WHERE d.activity_name = 'Delete' AND NOT EXISTS (
    SELECT 1 FROM uninstalled AS u
    WHERE u.host = c.host AND u.program = c.program AND u.time BETWEEN d.time - INTERVAL 10 MINUTE AND d.time + INTERVAL 10 MINUTE
)
GROUP BY f.stay_id
