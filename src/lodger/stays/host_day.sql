-- When each host was heard, by any sensor, on one UTC day.
WITH heard AS (
    SELECT device_hostname AS host, host_time AS time FROM _windows
    UNION ALL
    SELECT host, time FROM contact_event
    UNION ALL
    SELECT host, time FROM lookup
)
SELECT host, CAST(time AS DATE) AS day, min(time) AS first_heard, max(time) AS last_heard FROM heard GROUP BY host, CAST(time AS DATE)
