-- Executable content under another name: by Sysmon's look at content (29), by what was started (1, 4688) or mapped as a program (6, 7), and by the walk of
-- collected and carved files.
WITH odd AS (
    SELECT a.stay_id, f.time, f.ref, 'wrote a program as ' || f.file_path AS what
    FROM file_activity AS f
    JOIN acting AS a ON a.host = f.device_hostname AND a.uid = f.actor_process_uid AND a.distance = 0
    WHERE f.activity_name = 'Create Program' AND regexp_matches(lower(f.file_path), '[.](jpe?g|png|gif|bmp|webp|ico|css|txt|pdf|docx?|xlsx?|pptx?|rtf|csv|mp[34]|avi|mov|html?|xml|json|log|eml)$')
    UNION ALL
    SELECT a.stay_id, m.time, m.ref, 'loaded ' || m.module_file_path
    FROM module_activity AS m
    JOIN acting AS a ON a.host = m.device_hostname AND a.uid = m.process_uid AND a.distance = 0
    WHERE regexp_matches(lower(m.module_file_path), '[.](jpe?g|png|gif|bmp|webp|ico|css|txt|pdf|docx?|xlsx?|pptx?|rtf|csv|mp[34]|avi|mov|html?|xml|json|log|eml)$')
    UNION ALL
    SELECT a.stay_id, p.first_seen, p.ref, 'runs as ' || p.path
    FROM process AS p
    JOIN acting AS a ON a.host = p.host AND a.uid = p.uid AND a.distance = 0
    WHERE regexp_matches(lower(p.path), '[.](jpe?g|png|gif|bmp|webp|ico|css|txt|pdf|docx?|xlsx?|pptx?|rtf|csv|mp[34]|avi|mov|html?|xml|json|log|eml)$')
    UNION ALL
    SELECT c.stay_id, c.time, c.ref, CASE c.activity_name WHEN 'Upload' THEN 'sent ' ELSE 'received ' END || i.file_name || ', which is a program'
    FROM file_inspection AS i
    JOIN contact_file AS c ON c.file_sha256 = i.sha256
    WHERE i.finding_kind = 'program' AND c.own AND i.packet IS NULL AND c.sensor <> 'capture'
    UNION ALL
    SELECT c.stay_id, c.time, c.ref, CASE c.activity_name WHEN 'Upload' THEN 'sent ' ELSE 'received ' END || i.file_name || ' (packet ' || c.file_uid || '), which is a program'
    FROM file_inspection AS i
    JOIN contact_file AS c ON c.sensor = 'capture' AND c.ref = i.source || ':' || CAST(i.record AS VARCHAR)
    WHERE i.finding_kind = 'program' AND c.own AND i.packet IS NOT NULL
    UNION ALL
    SELECT a.stay_id, f.time, f.ref, 'wrote ' || f.file_path || ', which is a program'
    FROM file_inspection AS i
    JOIN file_activity AS f ON lower(regexp_extract(upper(f.file_hashes), 'SHA256=([0-9A-F]{64})', 1)) = i.sha256
    JOIN acting AS a ON a.host = f.device_hostname AND a.uid = f.actor_process_uid AND a.distance = 0
    WHERE i.finding_kind = 'program' AND f.activity_name <> 'Create Program' AND regexp_matches(lower(f.file_path), '[.](jpe?g|png|gif|bmp|webp|ico|css|txt|pdf|docx?|xlsx?|pptx?|rtf|csv|mp[34]|avi|mov|html?|xml|json|log|eml)(:[^:]*)?$')
)
SELECT stay_id, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records,
    list_sort(list(DISTINCT what)) AS what
FROM odd
GROUP BY stay_id
