-- The program's own processes wrote an entry that starts something at boot or logon, or an entry was made for a program that it
-- brought along: the service manager writes a service's entry, on another's order.
WITH brought AS (
    SELECT DISTINCT host, stay_id, program FROM set_up_autostart_rows WHERE program IS NOT NULL
),
made AS (
    SELECT a.stay_id, e.kind, e.name, e.text, e.time, e.ref
    FROM autostart AS e
    JOIN set_up_autostart_rows AS a ON a.host = e.host AND a.uid = e.actor_uid AND a.day = CAST(e.time AS DATE)
    WHERE e.activity_name = 'Create'
    UNION ALL
    SELECT b.stay_id, e.kind, e.name, e.text, e.time, e.ref
    FROM autostart AS e
    JOIN brought AS b ON b.host = e.host AND b.program = e.program
    WHERE e.activity_name = 'Create'
)
SELECT stay_id, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records,
    min(kind) AS kind, list_sort(list(DISTINCT name)) AS entries, min(text) AS command
FROM made
GROUP BY stay_id
