-- When each host was heard, by any sensor: silence means something only while the host itself speaks.
WITH heard AS (
    SELECT device_hostname AS host, min(host_time) AS first_heard, max(host_time) AS last_heard FROM _windows GROUP BY device_hostname
    UNION ALL
    SELECT host, min(time), max(time) FROM contact_event GROUP BY host
    UNION ALL
    SELECT host, min(time), max(time) FROM lookup GROUP BY host
)
SELECT host, min(first_heard) AS first_heard, max(last_heard) AS last_heard FROM heard GROUP BY host
