-- Shells that somebody drove, on all days.
SELECT r.stay_id, min(r.first) AS first, max(r.last) AS last, array_slice(list_sort(list_distinct(flatten(list(r.refs)))), 1, 20) AS refs,
    CAST(sum(r.records) AS BIGINT) AS records, list_sort(list_distinct(flatten(list(r.shells)))) AS shells, CAST(sum(r.times) AS BIGINT) AS times
FROM opens_shell_rows AS r
GROUP BY r.stay_id
