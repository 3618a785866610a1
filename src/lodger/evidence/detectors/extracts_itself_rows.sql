-- What is needed to know archives that extract themselves, by the day: rows of a stay are its own launches, by the file's hash, with the stub's name (`what`) where the version
-- information has one; rows without a stay are the collected and carved files that are such an archive (`what` says how).
WITH launch AS (
    SELECT a.stay_id, p.start AS time, p.ref, lower(nullif(regexp_extract(upper(p.hashes), 'SHA256=([0-9A-F]{64})', 1), '')) AS sha256,
        CASE WHEN regexp_matches(lower(p.original_name), '^(7z[a-z]*[.]sfx|wextract([.]exe)?|sfx|sfxrar|winrar sfx|[a-z0-9]*sfx)( *[.](exe|mui|mod))*$')
            THEN 'built as ' || trim(p.original_name) END AS what
    FROM process AS p
    JOIN acting AS a ON a.host = p.host AND a.uid = p.uid AND a.distance = 0
    WHERE p.start IS NOT NULL
)
SELECT stay_id, CAST(time AS DATE) AS day, sha256, what, min(time) AS first, max(time) AS last,
    array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records
FROM launch
WHERE sha256 IS NOT NULL OR what IS NOT NULL
GROUP BY stay_id, CAST(time AS DATE), sha256, what
UNION ALL
SELECT DISTINCT NULL, CAST(time AS DATE), sha256, regexp_extract(finding_sentence, '(behind the program: .*)$', 1) || ' (' || file_name || ')', NULL, NULL, NULL, 0
FROM file_inspection
WHERE finding_kind = 'self-extracting'
