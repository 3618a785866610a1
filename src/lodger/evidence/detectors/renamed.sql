-- Version information against file name, where the program never ran in another's body.
SELECT s.stay_id, min(r.first) AS first, max(r.last) AS last, array_slice(list_sort(list_distinct(flatten(list(r.refs)))), 1, 20) AS refs,
    CAST(sum(r.records) AS BIGINT) AS records, min(r.original) AS original, min(s.name) AS name
FROM stay AS s
JOIN renamed_rows AS r ON r.host = s.host AND r.program = s.program
WHERE s.role <> 'body'
GROUP BY s.stay_id
