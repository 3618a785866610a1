-- All that was ever said of programs' images and drivers (program_image): one row for each host, program and kind.
SELECT host, program, kind, min(name) AS name, min(place) AS place, min(role) AS role, min(path) AS path, min(original_name) AS original_name,
    min(company_name) AS company_name, min(hashes) AS hashes, min(cmd_line) AS cmd_line, max(CASE WHEN launch_seen THEN 1 ELSE 0 END) = 1 AS launch_seen
FROM program_image
GROUP BY host, program, kind
