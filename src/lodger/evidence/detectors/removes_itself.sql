-- Deletions of the program's own image, or of a program file that its own processes had written at least a minute before, by its own processes; or
-- of its own image, or of one that it brought along, within ten minutes after that one's last act, by anybody.
WITH done AS (
    SELECT a.stay_id, o.program, o.activity_name, o.time, o.ref, o.file_path
    FROM own_file AS o
    JOIN removes_itself_rows AS a ON a.host = o.host AND a.uid = o.actor_uid AND a.day = CAST(o.time AS DATE)
),
written AS (
    SELECT stay_id, program, min(time) AS time FROM done WHERE activity_name = 'Create' GROUP BY stay_id, program
),
brought AS (
    SELECT host, stay_id, program FROM removes_itself_rows WHERE program IS NOT NULL
    UNION
    SELECT host, stay_id, program FROM stay WHERE kind = 'process'
),
gone AS (
    SELECT d.stay_id, d.time, d.ref, d.file_path
    FROM done AS d
    LEFT JOIN stay AS s ON s.stay_id = d.stay_id
    LEFT JOIN written AS w ON w.stay_id = d.stay_id AND w.program = d.program
    WHERE d.activity_name = 'Delete' AND (d.program = s.program OR w.time < d.time - INTERVAL 1 MINUTE)
    UNION ALL
    SELECT b.stay_id, s.departure, s.departure_ref, s.path
    FROM stay AS s
    JOIN brought AS b ON b.host = s.host AND b.program = s.program
    WHERE s.departure <= s.last_seen + INTERVAL 10 MINUTE AND s.arrival IS NOT NULL
)
SELECT stay_id, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records, list_sort(list(DISTINCT file_path)) AS files
FROM gone
GROUP BY stay_id
