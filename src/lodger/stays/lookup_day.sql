-- Rollup: one row per stay, name asked for without a connection, and UTC day. `told` counts the questions of which it is known whether a
-- cache's time had run out, `refreshed` those where it had.
SELECT host, stay_id, name, CAST(time AS DATE) AS day, list_sort(list(time)) AS times, CAST(COUNT(*) AS BIGINT) AS lookups,
    CAST(COUNT(refreshed) AS BIGINT) AS told, CAST(COUNT(CASE WHEN refreshed THEN 1 END) AS BIGINT) AS refreshed, min(ref) AS ref
FROM lookup
GROUP BY host, stay_id, name, CAST(time AS DATE)
