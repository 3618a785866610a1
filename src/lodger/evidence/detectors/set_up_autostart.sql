-- The program's own processes wrote an entry that starts something at boot or logon, or an entry was made for a program that it
-- brought along: the service manager writes a service's entry, on another's order.
WITH made AS (
    SELECT a.stay_id, e.kind, e.name, e.text, e.time, e.ref
    FROM autostart AS e
    JOIN acting AS a ON a.host = e.host AND a.uid = e.actor_uid
    JOIN lineage AS l ON l.host = a.host AND l.uid = a.uid
    WHERE e.activity_name = 'Create' AND NOT l.free
    UNION ALL
    SELECT f.stay_id, e.kind, e.name, e.text, e.time, e.ref
    FROM autostart AS e
    JOIN answers_for AS f ON f.host = e.host AND f.program = e.program AND f.other
    WHERE e.activity_name = 'Create'
)
SELECT stay_id, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records,
    min(kind) AS kind, list_sort(list(DISTINCT name)) AS entries, min(text) AS command
FROM made
GROUP BY stay_id
