-- What is left of contact_day and call_day where days do not matter: one row per stay, destination (`called`: caller), and how it was gone
-- to on a day. `told` where bytes are; `address` where the day has only one. `first` and `last` are the first contacts of the first and the
-- last day, `days` their number, `refs` the first twenty of the days' first records.
WITH met AS (
    SELECT *, FALSE AS called FROM contact_day
    UNION ALL
    SELECT *, TRUE FROM call_day
)
SELECT host, stay_id, program, destination, called, own, named, bytes_out IS NOT NULL AS told,
    CASE WHEN array_length(addresses) = 1 THEN addresses[1] END AS address,
    min(times[1]) AS first, max(times[1]) AS last, COUNT(*) AS days, min(day) AS since, CAST(sum(contacts) AS BIGINT) AS contacts,
    CAST(sum(bytes_out) AS BIGINT) AS bytes_out, CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, array_slice(list_reverse_sort(flatten(list(times))), 1, 10000) AS times
FROM met
GROUP BY host, stay_id, program, destination, called, own, named, bytes_out IS NOT NULL, CASE WHEN array_length(addresses) = 1 THEN addresses[1] END
