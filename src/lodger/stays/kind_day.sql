-- What each host's sensors showed, by UTC day: one row per host, day and kind of record. What a collection finds afterwards watched nothing.
SELECT DISTINCT device_hostname AS host, 'launches' AS kind, CAST(time AS DATE) AS day FROM process_activity WHERE activity_name = 'Launch' AND sensor <> 'artifact'
UNION
SELECT DISTINCT device_hostname, 'accesses', CAST(time AS DATE) FROM process_activity WHERE activity_name IN ('Open', 'Inject')
UNION
SELECT DISTINCT device_hostname, 'modules', CAST(time AS DATE) FROM module_activity WHERE sensor <> 'artifact'
UNION
SELECT DISTINCT device_hostname, 'drivers', CAST(time AS DATE) FROM kernel_extension_activity
UNION
SELECT DISTINCT device_hostname, 'files', CAST(time AS DATE) FROM file_activity WHERE activity_name = 'Create' AND sensor <> 'artifact'
UNION
SELECT DISTINCT device_hostname, 'deletions', CAST(time AS DATE) FROM file_activity WHERE activity_name = 'Delete' AND sensor <> 'artifact'
UNION
SELECT DISTINCT device_hostname, 'registry', CAST(time AS DATE) FROM registry_activity
UNION
SELECT DISTINCT host, 'connections', CAST(time AS DATE) FROM contact_event
UNION
SELECT DISTINCT host, 'traffic', CAST(time AS DATE) FROM contact_event WHERE bytes_out IS NOT NULL
UNION
SELECT DISTINCT host, 'handshakes', CAST(time AS DATE) FROM contact_event WHERE sni IS NOT NULL OR fingerprint IS NOT NULL
UNION
SELECT DISTINCT COALESCE(d.device_hostname, a.host, d.src_endpoint_ip), 'lookups', CAST(d.time AS DATE)
FROM dns_activity AS d
LEFT JOIN address_day AS a ON d.device_hostname IS NULL AND a.ip = d.src_endpoint_ip AND a.day = CAST(d.time AS DATE)
    AND d.time >= a.since AND d.time < a.until
WHERE d.sensor <> 'artifact'
