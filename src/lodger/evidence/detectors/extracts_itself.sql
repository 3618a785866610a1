-- The stub's own name in the version information, or an archive behind the sections of the program's file, where that was collected or carved.
WITH launch AS (
    SELECT a.stay_id, p.start AS time, p.ref, p.original_name, lower(regexp_extract(upper(p.hashes), 'SHA256=([0-9A-F]{64})', 1)) AS sha256, p.path
    FROM process AS p
    JOIN acting AS a ON a.host = p.host AND a.uid = p.uid AND a.distance = 0
    WHERE p.start IS NOT NULL
),
odd AS (
    SELECT stay_id, time, ref, 'built as ' || trim(original_name) AS what
    FROM launch
    WHERE regexp_matches(lower(original_name), '^(7z[a-z]*[.]sfx|wextract([.]exe)?|sfx|sfxrar|winrar sfx|[a-z0-9]*sfx)( *[.](exe|mui|mod))*$')
    UNION ALL
    SELECT l.stay_id, l.time, l.ref, regexp_extract(i.finding_sentence, '(behind the program: .*)$', 1) || ' (' || i.file_name || ')'
    FROM launch AS l
    JOIN file_inspection AS i ON i.sha256 = l.sha256
    WHERE i.finding_kind = 'self-extracting'
)
SELECT stay_id, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records,
    list_sort(list(DISTINCT what)) AS what
FROM odd
GROUP BY stay_id
