-- Every process with its program, and whether its parent answers for it.
--   free     a person or the system acts here: the desktop, launchers, and a shell that a person opened from the desktop
--   counted  what this process does counts for its parent's programs too. Not below a free parent; and an opener (browser, mail,
--            office, archive program) answers for system tools it starts, but not for a program of its own that a person opened with it.
--   tool     a system program under a parent that answers for it: it has no life of its own
WITH RECURSIVE named AS (
    SELECT p.host, p.uid, p.parent_uid, n.program, n.name, n.place, n.role
    FROM process AS p
    JOIN program_name AS n ON n.path = p.path AND n.cmd_line IS NOT DISTINCT FROM p.cmd_line
),
descent AS (
    SELECT c.host, c.uid, c.program, c.name, c.place, c.role, CAST(NULL AS VARCHAR) AS parent_uid, CAST(NULL AS VARCHAR) AS parent_role,
        c.role IN ('desktop', 'launcher', 'shell') AS free, c.role IN ('desktop', 'shell') AS personal, FALSE AS counted, 0 AS depth
    FROM named AS c
    LEFT JOIN named AS p ON p.host = c.host AND p.uid = c.parent_uid AND p.uid <> c.uid
    WHERE p.uid IS NULL
    UNION ALL
    SELECT c.host, c.uid, c.program, c.name, c.place, c.role, d.uid, d.role,
        c.role IN ('desktop', 'launcher') OR (c.role = 'shell' AND d.personal),
        c.role = 'desktop' OR (c.role = 'shell' AND d.personal),
        NOT d.free AND NOT (d.role = 'opener' AND c.place <> 'system'),
        d.depth + 1
    FROM descent AS d
    JOIN named AS c ON c.host = d.host AND c.parent_uid = d.uid AND c.uid <> d.uid
    WHERE d.depth < 32
)
SELECT host, uid, program, name, place, role, parent_uid, free, counted, counted AND place = 'system' AS tool
FROM descent
QUALIFY row_number() OVER (PARTITION BY host, uid ORDER BY depth) = 1
