-- What changed what the sensors of each host could see, by what it means.
SELECT host, sensor, event, COUNT(*) AS records, min(time) AS first, max(time) AS last, means
FROM sensing_change
GROUP BY host, sensor, event, means
ORDER BY host, min(time), sensor, event
