-- Windows events on the host's own clock, under one name for each host and one spelling of
-- process ids (exports write GUIDs with and without braces).
SELECT
    e.source || ':' || CAST(e.record AS VARCHAR) AS ref,
    e.time + COALESCE(c.off_seconds, 0) * INTERVAL 1 SECOND AS host_time,
    COALESCE(h.host, 'unknown') AS device_hostname,
    CASE
        WHEN e.Channel IN ('Microsoft-Windows-Sysmon/Operational', 'Linux-Sysmon/Operational') THEN 'sysmon'
        WHEN e.Channel = 'Security' THEN 'security'
        WHEN e.Channel = 'System' THEN 'system'
        ELSE 'windows'
    END AS sensor,
    upper(replace(replace(e.ProcessGuid, '{', ''), '}', '')) AS process_guid,
    upper(replace(replace(e.ParentProcessGuid, '{', ''), '}', '')) AS parent_guid,
    upper(replace(replace(e.SourceProcessGuid, '{', ''), '}', '')) AS source_guid,
    upper(replace(replace(e.TargetProcessGuid, '{', ''), '}', '')) AS target_guid,
    e.*
FROM windows_event AS e
LEFT JOIN _windows_clock AS c ON c.source = e.source AND c.Computer = e.Computer
LEFT JOIN _host_name AS h ON h.name = lower(e.Computer)
