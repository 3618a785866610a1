-- Executable content under another name: by Sysmon's look at content (29), by what was started (1, 4688) or mapped as a program (6, 7), and by the walk of
-- collected and carved files.
WITH act AS (
    SELECT *, COALESCE(array_to_string(what, ', '), '') AS whats FROM program_as_document_rows WHERE stay_id IS NOT NULL
),
program AS (
    SELECT DISTINCT sha256, what[1] AS name, captured FROM program_as_document_rows WHERE stay_id IS NULL
),
known AS (
    SELECT DISTINCT a.stay_id, a.day, a.sha256, a.way, a.written, a.whats, COALESCE(a.written, a.way || p.name || ', which is a program') AS what
    FROM act AS a
    JOIN program AS p ON p.sha256 = a.sha256
    WHERE a.written IS NOT NULL OR NOT p.captured
),
odd AS (
    SELECT a.*
    FROM act AS a
    WHERE a.whats <> '' OR EXISTS (
        SELECT 1
        FROM known AS k
        WHERE k.stay_id = a.stay_id AND k.day = a.day AND k.sha256 = a.sha256 AND k.way IS NOT DISTINCT FROM a.way AND k.written IS NOT DISTINCT FROM a.written AND k.whats = a.whats
    )
),
told AS (
    SELECT stay_id, list_sort(list(DISTINCT what)) AS what
    FROM (SELECT stay_id, unnest(what) AS what FROM odd UNION ALL SELECT stay_id, what FROM known) AS whats
    WHERE what IS NOT NULL
    GROUP BY stay_id
)
SELECT o.stay_id, min(o.first) AS first, max(o.last) AS last, array_slice(list_sort(list_distinct(flatten(list(o.refs)))), 1, 20) AS refs,
    CAST(sum(o.records) AS BIGINT) AS records, max(t.what) AS what
FROM odd AS o
JOIN told AS t ON t.stay_id = o.stay_id
GROUP BY o.stay_id
