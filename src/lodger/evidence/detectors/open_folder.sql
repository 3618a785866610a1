-- The program's own launches, by where its file lies.
SELECT s.stay_id, min(r.first) AS first, max(r.last) AS last,
    array_slice(list_sort(list_distinct(flatten(list(r.refs) FILTER (WHERE r.records > 0)))), 1, 20) AS refs,
    CAST(sum(r.records) AS BIGINT) AS records, min(s.path) AS path, min(s.place) AS place
FROM stay AS s
JOIN open_folder_rows AS r ON r.host = s.host AND r.program = s.program
GROUP BY s.stay_id
