-- The file name itself.
SELECT s.stay_id, s.first_seen AS first, s.first_seen AS last, array_slice(list_sort(list_distinct(flatten(list(r.refs)))), 1, 20) AS refs,
    CAST(sum(r.records) AS BIGINT) AS records, min(s.name) AS name
FROM stay AS s
JOIN double_extension_rows AS r ON r.host = s.host AND r.program = s.program
GROUP BY s.stay_id, s.first_seen
