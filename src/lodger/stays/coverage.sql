-- What each host's sensors could show at all: one row per host and kind of record that arrived from it. A detector whose kind is
-- missing on a host was blind there: its silence says nothing. What a collection finds afterwards watched nothing.
SELECT DISTINCT device_hostname AS host, 'launches' AS kind FROM process_activity WHERE activity_name = 'Launch' AND sensor <> 'artifact'
UNION
SELECT DISTINCT device_hostname, 'accesses' FROM process_activity WHERE activity_name IN ('Open', 'Inject')
UNION
SELECT DISTINCT device_hostname, 'modules' FROM module_activity WHERE sensor <> 'artifact'
UNION
SELECT DISTINCT device_hostname, 'drivers' FROM kernel_extension_activity
UNION
SELECT DISTINCT device_hostname, 'files' FROM file_activity WHERE activity_name = 'Create' AND sensor <> 'artifact'
UNION
SELECT DISTINCT device_hostname, 'deletions' FROM file_activity WHERE activity_name = 'Delete' AND sensor <> 'artifact'
UNION
SELECT DISTINCT device_hostname, 'registry' FROM registry_activity
UNION
SELECT DISTINCT host, 'connections' FROM contact_event
UNION
SELECT DISTINCT host, 'traffic' FROM contact_event WHERE bytes_out IS NOT NULL
UNION
SELECT DISTINCT COALESCE(d.device_hostname, a.host, d.src_endpoint_ip), 'lookups'
FROM dns_activity AS d
LEFT JOIN address_day AS a ON d.device_hostname IS NULL AND a.ip = d.src_endpoint_ip AND a.day = CAST(d.time AS DATE)
    AND d.time >= a.since AND d.time < a.until
WHERE d.sensor <> 'artifact'
