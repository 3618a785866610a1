-- The spans of days on which a sensor of a host said nothing, within the days on which any sensor of that host spoke: it was off,
-- not yet there, or its log was not collected. `before` and `after` say that the sensor had spoken before and spoke again after.
WITH spoke AS (
    SELECT DISTINCT host, sensor, day FROM coverage_day WHERE host IS NOT NULL
),
span AS (
    SELECT host, min(day) AS first_day, max(day) AS last_day FROM spoke GROUP BY host
),
edge AS (
    SELECT host, sensor, day FROM spoke
    UNION ALL
    SELECT DISTINCT s.host, s.sensor, CAST(p.first_day - INTERVAL 1 DAY AS DATE) FROM spoke AS s JOIN span AS p ON p.host = s.host
    UNION ALL
    SELECT DISTINCT s.host, s.sensor, CAST(p.last_day + INTERVAL 1 DAY AS DATE) FROM spoke AS s JOIN span AS p ON p.host = s.host
),
next_day AS (
    SELECT host, sensor, day, lead(day) OVER (PARTITION BY host, sensor ORDER BY day) AS next_day FROM edge
)
SELECT
    n.host, n.sensor, CAST(n.day + INTERVAL 1 DAY AS DATE) AS first_day, CAST(n.next_day - INTERVAL 1 DAY AS DATE) AS last_day,
    date_diff('day', CAST(n.day AS DATE), CAST(n.next_day AS DATE)) - 1 AS days, n.day >= p.first_day AS before, n.next_day <= p.last_day AS after
FROM next_day AS n
JOIN span AS p ON p.host = n.host
WHERE n.next_day > n.day + INTERVAL 1 DAY
