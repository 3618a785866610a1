-- The stub's own name in the version information, or an archive behind the sections of the program's file, where that was collected or carved.
WITH launch AS (
    SELECT * FROM extracts_itself_rows WHERE stay_id IS NOT NULL
),
archive AS (
    SELECT sha256, list_sort(list(DISTINCT what) FILTER (WHERE what IS NOT NULL)) AS whats FROM extracts_itself_rows WHERE stay_id IS NULL GROUP BY sha256
),
odd AS (
    SELECT l.stay_id, l.first, l.last, l.refs, l.records, l.what, a.whats
    FROM launch AS l
    LEFT JOIN archive AS a ON a.sha256 = l.sha256
    WHERE l.what IS NOT NULL OR a.sha256 IS NOT NULL
),
told AS (
    SELECT stay_id, list_sort(list(DISTINCT what)) AS what
    FROM (SELECT stay_id, what FROM odd WHERE what IS NOT NULL UNION ALL SELECT stay_id, unnest(whats) FROM odd) AS whats
    GROUP BY stay_id
)
SELECT o.stay_id, min(o.first) AS first, max(o.last) AS last, array_slice(list_sort(list_distinct(flatten(list(o.refs)))), 1, 20) AS refs,
    CAST(sum(o.records) AS BIGINT) AS records, max(t.what) AS what
FROM odd AS o
JOIN told AS t ON t.stay_id = o.stay_id
GROUP BY o.stay_id
