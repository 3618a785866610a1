-- Rows of lookup_sum put together: of the questions the last ten thousand; marks are sums modulo 2^48.
SELECT host, stay_id, name, CAST(sum(lookups) AS BIGINT) AS lookups, CAST(sum(told) AS BIGINT) AS told, CAST(sum(refreshed) AS BIGINT) AS refreshed,
    array_slice(list_sort(list_distinct(flatten(list(refs)))), 1, 20) AS refs, array_slice(list_reverse_sort(flatten(list(times))), 1, 10000) AS times,
    CAST(sum(mark) % 281474976710656 AS BIGINT) AS mark
FROM lookup_sum
GROUP BY host, stay_id, name
