-- Who sat at a host in which hour: people who logged on at the screen or by remote desktop, or started a desktop.
SELECT device_hostname AS host, date_trunc('hour', time) AS time, lower(user_name) AS member
FROM authentication
WHERE sensor = 'security' AND status = 'Success' AND logon_type_id IN (2, 10, 11)
    AND user_name NOT LIKE '%$' AND NOT regexp_matches(lower(user_name), '^(dwm|umfd)-[0-9]+$|^(system|local service|network service|-)$')
UNION
SELECT host, date_trunc('hour', start), regexp_extract(lower(user_name), '[^\\]+$')
FROM process
WHERE start IS NOT NULL AND user_name IS NOT NULL AND regexp_matches(lower(path), '[\\]explorer[.]exe$')
