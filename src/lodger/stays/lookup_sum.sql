-- What is left of the questions for a name that no connection follows (lookup): one row per stay and name. `told` counts the questions of which it
-- is known whether a cache's time had run out, `refreshed` those where it had; `refs` are the first records of days, at most twenty.
WITH by_day AS (
    SELECT host, stay_id, name, list(time) AS times, COUNT(*) AS lookups, COUNT(refreshed) AS told,
        COUNT(CASE WHEN refreshed THEN 1 END) AS refreshed, min(ref) AS ref
    FROM lookup
    GROUP BY host, stay_id, name, CAST(time AS DATE)
)
SELECT host, stay_id, name, CAST(sum(lookups) AS BIGINT) AS lookups, CAST(sum(told) AS BIGINT) AS told, CAST(sum(refreshed) AS BIGINT) AS refreshed,
    array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, array_slice(list_reverse_sort(flatten(list(times))), 1, 10000) AS times
FROM by_day
GROUP BY host, stay_id, name
