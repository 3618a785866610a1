-- Entries that start a program by themselves, set up and removed: those of autostart, and tasks that only Sysmon tells of, which do not say
-- what they start: of the programs whose file was written in the ten minutes before the task was made, and that the scheduler started
-- afterwards, the one written last.
WITH made AS (
    SELECT host, name, time, min(ref) AS ref
    FROM autostart_entry_rows
    WHERE program IS NULL AND activity_name = 'Create'
    GROUP BY host, name, time
),
started AS (
    SELECT host, program, max(time) AS last
    FROM autostart_entry_rows
    WHERE activity_name = 'Launch'
    GROUP BY host, program
),
task AS (
    SELECT m.host, s.program, m.name, m.time, m.ref
    FROM made AS m
    JOIN own_file AS o ON o.host = m.host AND o.activity_name = 'Create' AND o.time BETWEEN m.time - INTERVAL 10 MINUTE AND m.time
    JOIN stay AS s ON s.host = o.host AND s.program = o.program AND s.arrival IS NOT NULL
    JOIN started AS l ON l.host = s.host AND l.program = s.program AND l.last >= m.time
    QUALIFY row_number() OVER (PARTITION BY m.host, m.name, m.time ORDER BY o.time DESC, o.ref) = 1
)
SELECT host, program, kind, name, activity_name, time, ref
FROM autostart
UNION ALL
SELECT host, program, 'task', name, 'Create', time, ref
FROM task
UNION ALL
SELECT r.host, e.program, 'task', r.name, 'Delete', r.time, r.ref
FROM autostart_entry_rows AS r
JOIN task AS e ON e.host = r.host AND lower(e.name) = lower(r.name) AND e.time <= r.time
WHERE r.activity_name = 'Delete'
GROUP BY r.host, e.program, r.name, r.time, r.ref
