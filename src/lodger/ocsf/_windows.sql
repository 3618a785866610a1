-- Windows events on the host's own clock, under one spelling of "nothing" and of the host's name.
SELECT
    e.source || ':' || CAST(e.record AS VARCHAR) AS ref,
    e.time + COALESCE(c.off_seconds, 0) * INTERVAL 1 SECOND AS host_time,
    lower(COALESCE(e.Computer, 'unknown')) AS device_hostname,
    CASE
        WHEN e.Channel = 'Microsoft-Windows-Sysmon/Operational' THEN 'sysmon'
        WHEN e.Channel = 'Security' THEN 'security'
        WHEN e.Channel = 'System' THEN 'system'
        ELSE 'windows'
    END AS sensor,
    e.*
FROM windows_event AS e
LEFT JOIN _windows_clock AS c ON c.source = e.source AND c.Computer = e.Computer
