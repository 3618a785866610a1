-- OCSF 201004 Windows Service Activity: a service or driver was installed, as the service manager or the audit log tells.
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, 'Install' AS activity_name,
    COALESCE(ServiceName, Name) AS service_name, COALESCE(ImagePath, ServiceFileName) AS service_file_path,
    lower(COALESCE(ServiceType, '')) AS service_type, COALESCE(StartType, ServiceStartType) AS service_start_type,
    COALESCE(AccountName, ServiceAccount) AS service_account
FROM _windows AS w
WHERE (sensor = 'system' AND EventID = 7045 OR sensor = 'security' AND EventID = 4697)
    AND COALESCE(ImagePath, ServiceFileName) IS NOT NULL
