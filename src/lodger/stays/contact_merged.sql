-- Rows of contact_sum put together: of the calls the last ten thousand; marks are sums modulo 2^48.
SELECT host, stay_id, program, destination, called, own, named, told, address,
    min(first) AS first, max(last) AS last, CAST(sum(days) AS BIGINT) AS days, min(since) AS since, CAST(sum(contacts) AS BIGINT) AS contacts,
    CAST(sum(bytes_out) AS BIGINT) AS bytes_out, CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    array_slice(list_sort(list_distinct(flatten(list(refs)))), 1, 20) AS refs, array_slice(list_reverse_sort(flatten(list(times))), 1, 10000) AS times,
    CAST(sum(mark) % 281474976710656 AS BIGINT) AS mark
FROM contact_sum
GROUP BY host, stay_id, program, destination, called, own, named, told, address
