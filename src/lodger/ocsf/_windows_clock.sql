-- How far an exporter's time stamps are off, per file and computer. Sysmon writes the event's own UTC time into the event
-- (UtcTime); an exporter that stamped local time as UTC shows as a constant difference of hours. The median stands against
-- single odd records; below a minute the two agree and the finer stamp is kept. What is off by a lifetime is no clock (and no INTERVAL).
-- A file of the audit log alone has no such time: where another file has Sysmon's events of that computer, it is set by what both
-- tell: one connection (5156 and Sysmon 3), one launch (4688 and Sysmon 1), each found once on either side, if most of them agree.
WITH own AS (
    SELECT source, Computer, date_diff('second', time, TRY_CAST(UtcTime AS TIMESTAMP)) AS gap
    FROM windows_event
    WHERE UtcTime IS NOT NULL AND Channel IN ('Microsoft-Windows-Sysmon/Operational', 'Linux-Sysmon/Operational')
),
speaking AS (
    SELECT source, Computer, CAST(median(gap) AS BIGINT) AS off_seconds
    FROM own
    GROUP BY source, Computer
    HAVING COUNT(gap) >= 5
),
told AS (
    SELECT e.source, e.Computer, e.time, lower(concat_ws(' ', 'link', e.SourceAddress, e.SourcePort, e.DestAddress, e.DestPort)) AS act
    FROM windows_event AS e
    WHERE e.Channel = 'Security' AND e.EventID = 5156
    UNION ALL
    SELECT e.source, e.Computer, e.time, lower(concat_ws(' ', 'launch', CAST(p.value AS VARCHAR), e.NewProcessName))
    FROM windows_event AS e
    JOIN _hexadecimal_value AS p ON p.text = e.NewProcessId
    WHERE e.Channel = 'Security' AND e.EventID = 4688
),
mute AS (
    SELECT t.source, t.Computer, t.act, min(t.time) AS time
    FROM told AS t
    JOIN (SELECT DISTINCT Computer FROM speaking) AS k ON k.Computer = t.Computer
    LEFT JOIN speaking AS s ON s.source = t.source AND s.Computer = t.Computer
    WHERE s.source IS NULL
    GROUP BY t.source, t.Computer, t.act
    HAVING COUNT(*) = 1
),
heard AS (
    SELECT e.Computer, e.act, min(e.utc) AS utc
    FROM (
        SELECT Computer, TRY_CAST(UtcTime AS TIMESTAMP) AS utc,
            CASE EventID WHEN 3 THEN lower(concat_ws(' ', 'link', SourceIp, SourcePort, DestinationIp, DestinationPort))
                ELSE lower(concat_ws(' ', 'launch', ProcessId, Image)) END AS act
        FROM windows_event
        WHERE Channel = 'Microsoft-Windows-Sysmon/Operational' AND EventID IN (1, 3) AND TRY_CAST(UtcTime AS TIMESTAMP) IS NOT NULL
    ) AS e
    JOIN (SELECT DISTINCT Computer, act FROM mute) AS m ON m.Computer = e.Computer AND m.act = e.act
    GROUP BY e.Computer, e.act
    HAVING COUNT(*) = 1
),
pair AS (
    SELECT m.source, m.Computer, date_diff('second', m.time, h.utc) AS gap
    FROM mute AS m
    JOIN heard AS h ON h.Computer = m.Computer AND h.act = m.act
),
middle AS (
    SELECT source, Computer, median(gap) AS gap FROM pair GROUP BY source, Computer
)
SELECT source, Computer, off_seconds FROM speaking WHERE abs(off_seconds) BETWEEN 61 AND 2000000000
UNION ALL
SELECT p.source, p.Computer, CAST(min(m.gap) AS BIGINT)
FROM pair AS p
JOIN middle AS m ON m.source = p.source AND m.Computer = p.Computer
GROUP BY p.source, p.Computer
HAVING COUNT(*) >= 5 AND abs(min(m.gap)) BETWEEN 61 AND 2000000000 AND SUM(CASE WHEN abs(p.gap - m.gap) <= 5 THEN 1 ELSE 0 END) * 2 > COUNT(*)
