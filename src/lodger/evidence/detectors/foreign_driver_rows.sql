-- The build of Windows on each host by the day, as its own programs tell it.
SELECT device_hostname AS host, CAST(host_time AS DATE) AS day, max(TRY_CAST(regexp_extract(FileVersion, '^10[.]0[.]([0-9]{5})[.]', 1) AS INTEGER)) AS build
FROM _windows
WHERE sensor = 'sysmon' AND EventID IN (1, 7) AND FileVersion LIKE '10.0.%' AND lower(COALESCE(ImageLoaded, Image)) LIKE '%\windows\system32\%'
GROUP BY device_hostname, CAST(host_time AS DATE)
