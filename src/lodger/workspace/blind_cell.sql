-- The days with records of the hosts in `blind_host`, counted by cells of the axis: by sensor, and (sensor NULL) by any of them.
WITH spoke AS (
    SELECT DISTINCT
        b.place, c.sensor, c.day,
        CAST(floor(date_diff('day', CAST($first_day AS DATE), CAST(c.day AS DATE)) / CAST($cell_days AS DOUBLE)) AS BIGINT) AS cell
    FROM coverage_day AS c
    JOIN blind_host AS b ON b.host IS NOT DISTINCT FROM c.host
    WHERE c.day >= CAST($first_day AS DATE) AND c.day <= CAST($last_day AS DATE)
)
SELECT place, sensor, cell, COUNT(DISTINCT day) AS days FROM spoke GROUP BY place, sensor, cell
UNION ALL
SELECT place, NULL, cell, COUNT(DISTINCT day) FROM spoke GROUP BY place, cell
