-- The days on which a sensor spoke that tells of a host's connections: one row per host and day, with the last record. Only on these
-- days is the absence of a connection silence of the program. A host without such a sensor of its own is watched by those on the network.
WITH teller AS (
    SELECT DISTINCT host, sensor
    FROM coverage_day
    WHERE host IS NOT NULL
        AND ((sensor IN ('Sysmon', 'Linux-Sysmon') AND event_id = 3) OR (sensor = 'Security' AND event_id = 5156))
),
wire AS (
    SELECT day, max(last_time) AS last_time
    FROM coverage_day
    WHERE sensor IN ('zeek_conn', 'suricata_flow', 'nfstream_flow')
    GROUP BY day
)
SELECT c.host, c.day, max(c.last_time) AS last_time
FROM coverage_day AS c
JOIN teller AS t ON t.host = c.host AND t.sensor = c.sensor
GROUP BY c.host, c.day
UNION ALL
SELECT h.host, w.day, w.last_time
FROM host_span AS h
JOIN wire AS w ON w.day BETWEEN CAST(h.first_heard AS DATE) AND CAST(h.last_heard AS DATE)
WHERE NOT EXISTS (SELECT 1 FROM teller AS t WHERE t.host = h.host)
