-- The program's own processes wrote an entry that starts something at boot or logon.
SELECT a.stay_id, min(e.time) AS first, max(e.time) AS last, list_slice(list_sort(list(DISTINCT e.ref)), 1, 20) AS refs, COUNT(DISTINCT e.ref) AS records,
    min(e.kind) AS kind, list_sort(list(DISTINCT e.name)) AS entries, min_by(e.text, e.time) AS command
FROM autostart AS e
JOIN acting AS a ON a.host = e.host AND a.uid = e.actor_uid
JOIN lineage AS l ON l.host = a.host AND l.uid = a.uid
WHERE e.activity_name = 'Create' AND NOT l.free
GROUP BY a.stay_id
