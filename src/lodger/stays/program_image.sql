-- What programs' images and drivers are called, where they lie and what they say of themselves, by host, program and kind: of the names of one
-- program the first in the alphabet, so that days can be put together in any order. `launch_seen`: its launch and who made it were told.
SELECT l.host, l.program, 'process' AS kind, min(l.name) AS name, min(l.place) AS place, min(l.role) AS role,
    min(CASE WHEN l.script THEN l.program || ' in ' || regexp_extract(p.path, '[^\\/]+$') ELSE p.path || regexp_extract(l.name, ' [(].*$') END) AS path,
    min(p.original_name) AS original_name, min(p.company_name) AS company_name, min(p.hashes) AS hashes, min(p.cmd_line) AS cmd_line,
    max(CASE WHEN p.start IS NOT NULL AND p.parent_uid IS NOT NULL THEN 1 ELSE 0 END) = 1 AS launch_seen
FROM lineage AS l
JOIN process AS p ON p.host = l.host AND p.uid = l.uid
GROUP BY l.host, l.program
UNION ALL
SELECT k.device_hostname, n.program, 'driver', min(n.name), min(n.place), NULL, min(k.driver_file_path), NULL, NULL, min(k.driver_file_hashes), NULL, FALSE
FROM kernel_extension_activity AS k
JOIN file_name AS n ON n.path = k.driver_file_path
GROUP BY k.device_hostname, n.program
