-- Deletions of the program's own image, or of a program file that its own processes had written at least a minute before, by its own processes; or
-- of its own image, or of one that it brought along, within ten minutes after that one's last act, by anybody.
WITH gone AS (
    SELECT a.stay_id, o.time, o.ref, o.file_path
    FROM own_file AS o
    JOIN acting AS a ON a.host = o.host AND a.uid = o.actor_uid
    LEFT JOIN stay AS s ON s.stay_id = a.stay_id
    WHERE o.activity_name = 'Delete'
        AND (o.program = s.program
            OR EXISTS (
                SELECT 1
                FROM own_file AS w
                JOIN acting AS b ON b.host = w.host AND b.uid = w.actor_uid
                WHERE w.activity_name = 'Create' AND w.host = o.host AND w.program = o.program AND b.stay_id = a.stay_id
                    AND w.time < o.time - INTERVAL 1 MINUTE
            ))
    UNION ALL
    SELECT f.stay_id, s.departure, s.departure_ref, s.path
    FROM stay AS s
    JOIN answers_for AS f ON f.host = s.host AND f.program = s.program
    WHERE s.departure <= s.last_seen + INTERVAL 10 MINUTE AND s.arrival IS NOT NULL
)
SELECT stay_id, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records, list_sort(list(DISTINCT file_path)) AS files
FROM gone
GROUP BY stay_id
