-- Every stay with every place that it went to, and (`called`) everybody who called it, over its whole life: contact_sum of all days, but for the times.
SELECT host, stay_id, program, destination, called, own, named, told, address,
    min(first) AS first, max(last) AS last, CAST(sum(days) AS BIGINT) AS days, min(since) AS since, CAST(sum(contacts) AS BIGINT) AS contacts,
    CAST(sum(bytes_out) AS BIGINT) AS bytes_out, CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    array_slice(list_sort(list_distinct(flatten(list(refs)))), 1, 20) AS refs
FROM contact_sum
GROUP BY host, stay_id, program, destination, called, own, named, told, address
