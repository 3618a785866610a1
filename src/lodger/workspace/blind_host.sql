-- The hosts of which the least could be seen, worst first, and the sensors on the network as one (NULL) before them: those
-- with a cleared log, then by the kinds of record that never came, then by the days on which a sensor that tells of programs said
-- nothing though the host was heard.
WITH sensor_days AS (
    SELECT host, sensor, COUNT(DISTINCT day) AS days FROM coverage_day GROUP BY host, sensor
),
heard AS (
    SELECT host, COUNT(DISTINCT day) AS days FROM coverage_day GROUP BY host
),
silent AS (
    SELECT s.host, sum(h.days - s.days) AS days
    FROM sensor_days AS s
    JOIN heard AS h ON h.host = s.host
    WHERE s.sensor IN ('Sysmon', 'Security', 'Linux-Sysmon', 'auditd')
    GROUP BY s.host
),
never AS (
    SELECT host, COUNT(*) AS needs FROM unseen GROUP BY host
),
cleared AS (
    SELECT DISTINCT host FROM sensing_change WHERE (sensor = 'security' AND event = '1102') OR (sensor = 'system' AND event = '104')
)
SELECT
    h.host, h.days,
    row_number() OVER (
        ORDER BY
            CASE WHEN h.host IS NULL THEN 0 ELSE 1 END, CASE WHEN c.host IS NULL THEN 1 ELSE 0 END, COALESCE(n.needs, 0) DESC,
            COALESCE(s.days, 0) DESC, h.host
    ) AS place
FROM heard AS h
LEFT JOIN silent AS s ON s.host = h.host
LEFT JOIN never AS n ON n.host = h.host
LEFT JOIN cleared AS c ON c.host = h.host
ORDER BY place
LIMIT 41
