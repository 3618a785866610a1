-- Launches whose sensor reads version information (it does for others on that host) and found none.
WITH reads AS (
    SELECT DISTINCT host FROM no_version_info_rows WHERE program IS NULL
)
SELECT s.stay_id, min(r.first) AS first, max(r.last) AS last, array_slice(list_sort(list_distinct(flatten(list(r.refs)))), 1, 20) AS refs,
    CAST(sum(r.records) AS BIGINT) AS records
FROM stay AS s
JOIN reads AS h ON h.host = s.host
JOIN no_version_info_rows AS r ON r.host = s.host AND r.program = s.program
GROUP BY s.stay_id
