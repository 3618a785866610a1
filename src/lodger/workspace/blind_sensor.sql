-- What each sensor of the hosts in `blind_host` said, those that tell of programs first.
WITH spoke AS (
    SELECT
        b.place, b.days AS heard, c.sensor, sum(c.records) AS records, min(c.first_time) AS first, max(c.last_time) AS last,
        COUNT(DISTINCT c.day) AS days
    FROM coverage_day AS c
    JOIN blind_host AS b ON b.host IS NOT DISTINCT FROM c.host
    GROUP BY b.place, b.days, c.sensor
),
numbered AS (
    SELECT
        *, COUNT(*) OVER (PARTITION BY place) AS sensors,
        row_number() OVER (
            PARTITION BY place
            ORDER BY CASE WHEN sensor IN ('Sysmon', 'Security', 'Linux-Sysmon', 'auditd') THEN 0 ELSE 1 END, records DESC, sensor
        ) AS sensor_place
    FROM spoke
)
SELECT place, sensor_place, sensors, sensor, CAST(records AS BIGINT) AS records, first, last, days, heard - days AS silent
FROM numbered
WHERE sensor_place <= 12
ORDER BY place, sensor_place
