-- Clocks that differ by more than two seconds: which one, whose it is compared with, how far it is ahead (seconds; where it drifts or was
-- set, the least and the most of its days), and how many pairs say so (NULL for an exporter's stamps, which each event contradicts).
SELECT 'network' AS kind, n.host AS name, n.pairs, COALESCE(min(d.ahead_seconds), n.ahead_seconds) AS least,
    COALESCE(max(d.ahead_seconds), n.ahead_seconds) AS most
FROM network_clock AS n
LEFT JOIN clock_day AS d ON d.host = n.host AND d.choice = 1 AND d.days_away = 0
GROUP BY n.host, n.pairs, n.ahead_seconds
HAVING greatest(abs(n.ahead_seconds), abs(COALESCE(min(d.ahead_seconds), 0)), abs(COALESCE(max(d.ahead_seconds), 0))) > 2
UNION ALL
SELECT 'sensor', sensor, pairs, ahead_seconds, ahead_seconds FROM sensor_clock WHERE abs(ahead_seconds) > 2
UNION ALL
SELECT 'exporter', lower(Computer), NULL, CAST(-max(off_seconds) AS DOUBLE), CAST(-min(off_seconds) AS DOUBLE)
FROM windows_clock
GROUP BY lower(Computer)
ORDER BY kind, name
