-- How far an exporter's time stamps are off, per file and computer. Sysmon writes the event's own UTC time into the event
-- (UtcTime); an exporter that stamped local time as UTC shows as a constant difference of hours. The median stands against
-- single odd records; below a minute the two agree and the finer stamp is kept. What is off by a lifetime is no clock (and no INTERVAL).
SELECT
    source,
    Computer,
    CAST(median(date_diff('second', time, TRY_CAST(UtcTime AS TIMESTAMP))) AS BIGINT) AS off_seconds
FROM windows_event
WHERE UtcTime IS NOT NULL AND Channel IN ('Microsoft-Windows-Sysmon/Operational', 'Linux-Sysmon/Operational')
GROUP BY source, Computer
HAVING COUNT(TRY_CAST(UtcTime AS TIMESTAMP)) >= 5
    AND abs(median(date_diff('second', time, TRY_CAST(UtcTime AS TIMESTAMP)))) BETWEEN 61 AND 2000000000
