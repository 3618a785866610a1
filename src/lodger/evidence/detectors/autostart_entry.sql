-- An entry that starts the program, made while it was watched and rare in the fleet: new here, and not what an update rollout brings to many hosts.
WITH made AS (
    SELECT host, program, kind, name, time, ref
    FROM entry
    WHERE activity_name = 'Create' AND program IS NOT NULL
),
spread AS (
    SELECT program, COUNT(DISTINCT host) AS hosts FROM made GROUP BY program
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT s.stay_id, min(m.time) AS first, max(m.time) AS last, array_slice(list_sort(list(DISTINCT m.ref)), 1, 20) AS refs, COUNT(DISTINCT m.ref) AS records,
    min(m.kind) AS kind, list_sort(list(DISTINCT m.name)) AS entries
FROM stay AS s
JOIN made AS m ON m.host = s.host AND m.program = s.program
JOIN spread AS p ON p.program = s.program
CROSS JOIN fleet AS f
WHERE p.hosts <= greatest(1, f.hosts / 50)
GROUP BY s.stay_id
