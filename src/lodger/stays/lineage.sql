-- Every process with its program, and whether its parent answers for it.
--   free     a person or the system acts here: the desktop, launchers, and a shell that a person opened from the desktop
--   counted  what this process does counts for its parent's programs too. Not below a free parent; and an opener (browser, mail,
--            office, archive program) answers for system tools it starts, but not for a program of its own that a person opened with it.
--            A program that ran from an open folder within ten minutes of being written is its writer's, whoever was made to start it: a
--            service manager or scheduler that starts a dropped file acts for the one who dropped it.
--   tool     a system program under a parent that answers for it: it has no life of its own
-- Who descends from itself, or from a chain of more than 32, stands alone: nobody is lost for having a strange family.
WITH RECURSIVE own AS (
    SELECT p.host, p.uid, p.parent_uid, p.start, n.program, n.name, n.place, n.role, n.script
    FROM instance AS p
    JOIN program_name AS n ON n.path = p.path AND n.cmd_line IS NOT DISTINCT FROM p.cmd_line
),
dropped AS (
    SELECT o.host, o.uid, w.uid AS writer_uid
    FROM own AS o
    JOIN file_name AS n ON n.program = o.program
    JOIN file_activity AS f ON f.device_hostname = o.host AND f.file_path = n.path AND f.activity_name = 'Create'
        AND f.time BETWEEN o.start - INTERVAL 10 MINUTE AND o.start
    JOIN own AS w ON w.host = o.host AND w.uid = f.actor_process_uid AND w.role = 'plain' AND w.program <> o.program
    LEFT JOIN own AS p ON p.host = o.host AND p.uid = o.parent_uid
    WHERE o.place IN ('temp', 'downloads', 'shared', 'user') AND COALESCE(p.role, 'launcher') = 'launcher'
    QUALIFY row_number() OVER (PARTITION BY o.host, o.uid ORDER BY f.time DESC, w.uid) = 1
),
named AS (
    SELECT o.host, o.uid, COALESCE(d.writer_uid, o.parent_uid) AS parent_uid, o.program, o.name, o.place, o.role, o.script
    FROM own AS o
    LEFT JOIN dropped AS d ON d.host = o.host AND d.uid = o.uid
),
descent AS (
    SELECT c.host, c.uid, c.program, c.name, c.place, c.role, c.script, CAST(NULL AS VARCHAR) AS parent_uid, CAST(NULL AS VARCHAR) AS parent_role,
        c.role IN ('desktop', 'launcher', 'shell') AS free, c.role IN ('desktop', 'shell') AS personal, FALSE AS counted, 0 AS depth
    FROM named AS c
    LEFT JOIN named AS p ON p.host = c.host AND p.uid = c.parent_uid AND p.uid <> c.uid
    WHERE p.uid IS NULL
    UNION ALL
    SELECT c.host, c.uid, c.program, c.name, c.place, c.role, c.script, d.uid, d.role,
        c.role IN ('desktop', 'launcher') OR (c.role = 'shell' AND d.personal),
        c.role = 'desktop' OR (c.role = 'shell' AND d.personal),
        NOT d.free AND NOT (d.role = 'opener' AND c.place <> 'system'),
        d.depth + 1
    FROM descent AS d
    JOIN named AS c ON c.host = d.host AND c.parent_uid = d.uid AND c.uid <> d.uid
    WHERE d.depth < 32
),
everyone AS (
    SELECT host, uid, program, name, place, role, script, parent_uid, free, counted, depth FROM descent
    UNION ALL
    SELECT n.host, n.uid, n.program, n.name, n.place, n.role, n.script, NULL, n.role IN ('desktop', 'launcher'), FALSE, 0
    FROM named AS n
    WHERE NOT EXISTS (SELECT 1 FROM descent AS d WHERE d.host = n.host AND d.uid = n.uid)
)
SELECT host, uid, program, name, place, role, script, parent_uid, free, counted, counted AND place = 'system' AS tool
FROM everyone
QUALIFY row_number() OVER (PARTITION BY host, uid ORDER BY depth) = 1
