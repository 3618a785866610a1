-- What changed what could be seen of each host in `blind_host`: cleared logs first, then the latest.
WITH change AS (
    SELECT
        b.place, s.host, s.sensor, s.event, s.means, COUNT(*) AS records, min(s.time) AS first, max(s.time) AS last,
        CASE WHEN (s.sensor = 'security' AND s.event = '1102') OR (s.sensor = 'system' AND s.event = '104') THEN 0 ELSE 1 END AS kind
    FROM sensing_change AS s
    JOIN blind_host AS b ON b.host = s.host
    GROUP BY b.place, s.host, s.sensor, s.event, s.means
)
SELECT place, host, sensor, event, means, records, first, last FROM change ORDER BY place, kind, last DESC, sensor, event
