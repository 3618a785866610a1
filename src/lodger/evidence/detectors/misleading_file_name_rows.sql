-- Names of files in the records of hosts (Sysmon 11, 15, 23, 26, 29, change journal) and of the network (Zeek, Suricata; by HTTP's own file name or the path that was asked for)
-- that show another ending than they have, or have signs in them that turn the order of writing; by the day.
WITH named AS (
    SELECT a.stay_id, f.time, f.ref, regexp_extract(replace(f.file_path, chr(92), '/'), '([^/]*)$', 1) AS name,
        CASE f.activity_name WHEN 'Delete' THEN 'deleted ' ELSE 'wrote ' END AS before, '' AS behind
    FROM file_activity AS f
    JOIN acting AS a ON a.host = f.device_hostname AND a.uid = f.actor_process_uid AND a.distance = 0
    UNION ALL
    SELECT stay_id, time, ref, COALESCE(nullif(regexp_extract(replace(file_name, chr(92), '/'), '([^/]*)$', 1), ''), regexp_extract(url_path, '([^/?]*)([?].*)?$', 1)),
        CASE activity_name WHEN 'Upload' THEN 'sent ' ELSE 'received ' END,
        CASE activity_name WHEN 'Upload' THEN ' to ' ELSE ' from ' END || destination
    FROM contact_file
    WHERE own
    UNION ALL
    SELECT stay_id, time, ref, regexp_extract(url_path, '([^/?]*)([?].*)?$', 1), 'asked for ', ' at ' || destination
    FROM stay_contact
    WHERE own AND is_http AND url_path IS NOT NULL
)
SELECT stay_id, CAST(time AS DATE) AS day, before || name || behind AS what, min(time) AS first, max(time) AS last,
    array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records
FROM named
WHERE regexp_matches(lower(name), '[.](jpe?g|png|gif|bmp|tiff?|webp|pdf|docx?|xlsx?|pptx?|rtf|txt|csv|odt|zip|rar|7z|mp[34]|avi|mov|html?|eml|msg) *[.](exe|scr|com|pif|bat|cmd|js|jse|vbs|vbe|wsf|hta|lnk|ps1|cpl|dll|jar|msi)$')
    OR regexp_matches(name, '[' || chr(8234) || '-' || chr(8238) || chr(8294) || '-' || chr(8297) || ']')
GROUP BY stay_id, CAST(time AS DATE), before || name || behind
