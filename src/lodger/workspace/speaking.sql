-- When each sensor of each host spoke: a row per host, sensor and day with records.
SELECT host, sensor, day, CAST(sum(records) AS BIGINT) AS records, min(first_time) AS first_time, max(last_time) AS last_time
FROM coverage_day
WHERE host IS NOT NULL
GROUP BY host, sensor, day
ORDER BY host, sensor, day
