-- Files by whose names people are misled, all days together.
SELECT stay_id, min(first) AS first, max(last) AS last, array_slice(list_sort(list_distinct(flatten(list(refs)))), 1, 20) AS refs,
    CAST(sum(records) AS BIGINT) AS records, list_sort(list(DISTINCT what)) AS what
FROM misleading_file_name_rows
GROUP BY stay_id
