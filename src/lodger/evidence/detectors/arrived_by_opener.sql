-- The program's file was written by an opener (or marked as from the internet: zone 3 or 4, or the sensor does not say) at most 30 days before the program first ran.
SELECT s.stay_id, min(o.time) AS first, max(o.time) AS last, array_slice(list_sort(list(DISTINCT o.ref)), 1, 20) AS refs, COUNT(DISTINCT o.ref) AS records,
    min(COALESCE(o.actor_name, o.actor_path)) AS by_whom, min(regexp_replace(o.file_path, ':[^\\:]*$', '')) || COALESCE(' from ' || COALESCE(
        min(nullif(regexp_extract(o.file_contents, 'HostUrl=([^ \r\n]+)', 1), '')),
        min(nullif(regexp_extract(o.file_contents, 'ReferrerUrl=([^ \r\n]+)', 1), ''))
    ), '') AS what
FROM stay AS s
JOIN own_file AS o ON o.host = s.host AND o.program = s.program
WHERE s.launches > 0
    AND o.time BETWEEN s.first_seen - INTERVAL 30 DAY AND s.first_seen + INTERVAL 10 SECOND
    AND (o.activity_name = 'Create' AND o.actor_role = 'opener'
        OR o.activity_name = 'Create Stream' AND lower(o.file_path) LIKE '%:zone.identifier'
            AND NOT regexp_matches(lower(COALESCE(o.file_contents, '')), 'zoneid=[012]'))
GROUP BY s.stay_id
