-- Executable content under another name, by the day. Rows of a stay: what it wrote, loaded or ran under the name of a document is told by `what` (one text or several, of the same
-- records); what it sent or received (`way`), or wrote under such a name (`written`), may be found a program by its hash. Rows without a stay are the collected and carved files that
-- are programs, by hash: `what` has the name, and `captured` says whether it was in a capture, whose own files are told already.
WITH odd AS (
    SELECT a.stay_id, f.time, f.ref, 'wrote a program as ' || f.file_path AS what, CAST(NULL AS VARCHAR) AS sha256, CAST(NULL AS VARCHAR) AS way, CAST(NULL AS VARCHAR) AS written
    FROM file_activity AS f
    JOIN acting AS a ON a.host = f.device_hostname AND a.uid = f.actor_process_uid AND a.distance = 0
    WHERE f.activity_name = 'Create Program' AND regexp_matches(lower(f.file_path), '[.](jpe?g|png|gif|bmp|webp|ico|css|txt|pdf|docx?|xlsx?|pptx?|rtf|csv|mp[34]|avi|mov|html?|xml|json|log|eml)$')
    UNION ALL
    SELECT a.stay_id, m.time, m.ref, 'loaded ' || m.module_file_path, NULL, NULL, NULL
    FROM module_activity AS m
    JOIN acting AS a ON a.host = m.device_hostname AND a.uid = m.process_uid AND a.distance = 0
    WHERE regexp_matches(lower(m.module_file_path), '[.](jpe?g|png|gif|bmp|webp|ico|css|txt|pdf|docx?|xlsx?|pptx?|rtf|csv|mp[34]|avi|mov|html?|xml|json|log|eml)$')
    UNION ALL
    SELECT a.stay_id, p.first_seen, p.ref, 'runs as ' || p.path, NULL, NULL, NULL
    FROM process AS p
    JOIN acting AS a ON a.host = p.host AND a.uid = p.uid AND a.distance = 0
    WHERE regexp_matches(lower(p.path), '[.](jpe?g|png|gif|bmp|webp|ico|css|txt|pdf|docx?|xlsx?|pptx?|rtf|csv|mp[34]|avi|mov|html?|xml|json|log|eml)$')
    UNION ALL
    SELECT c.stay_id, c.time, c.ref, CASE c.activity_name WHEN 'Upload' THEN 'sent ' ELSE 'received ' END || i.file_name || ' (packet ' || c.file_uid || '), which is a program', NULL, NULL, NULL
    FROM file_inspection AS i
    JOIN contact_file AS c ON c.sensor = 'capture' AND c.ref = i.source || ':' || CAST(i.record AS VARCHAR)
    WHERE i.finding_kind = 'program' AND c.own AND i.packet IS NOT NULL
    UNION ALL
    SELECT stay_id, time, ref, NULL, file_sha256, CASE activity_name WHEN 'Upload' THEN 'sent ' ELSE 'received ' END, NULL
    FROM contact_file
    WHERE own AND sensor <> 'capture' AND file_sha256 IS NOT NULL
    UNION ALL
    SELECT a.stay_id, f.time, f.ref, NULL, lower(regexp_extract(upper(f.file_hashes), 'SHA256=([0-9A-F]{64})', 1)), NULL, 'wrote ' || f.file_path || ', which is a program'
    FROM file_activity AS f
    JOIN acting AS a ON a.host = f.device_hostname AND a.uid = f.actor_process_uid AND a.distance = 0
    WHERE f.activity_name <> 'Create Program' AND upper(f.file_hashes) LIKE '%SHA256=%'
        AND regexp_matches(lower(f.file_path), '[.](jpe?g|png|gif|bmp|webp|ico|css|txt|pdf|docx?|xlsx?|pptx?|rtf|csv|mp[34]|avi|mov|html?|xml|json|log|eml)(:[^:]*)?$')
),
record AS (
    SELECT stay_id, ref, min(time) AS first, max(time) AS last, list_sort(list(DISTINCT what) FILTER (WHERE what IS NOT NULL)) AS what,
        min(sha256) AS sha256, min(way) AS way, min(written) AS written
    FROM odd
    GROUP BY stay_id, ref
)
SELECT stay_id, CAST(first AS DATE) AS day, what, sha256, way, written, FALSE AS captured, min(first) AS first, max(last) AS last,
    array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records
FROM record
GROUP BY stay_id, CAST(first AS DATE), what, sha256, way, written
UNION ALL
SELECT DISTINCT NULL, CAST(time AS DATE), [file_name], sha256, NULL, NULL, packet IS NOT NULL, NULL, NULL, NULL, 0
FROM file_inspection
WHERE finding_kind = 'program'
