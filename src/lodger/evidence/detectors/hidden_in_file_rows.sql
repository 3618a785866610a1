-- What is needed to find files with hidden data where they went, by the day. Rows without a stay are the files that were carved or collected and have hidden data (`what`, else null) or
-- a picture apart from its tail, each with the `marks` by which it is known again: hashes, Zeek's id of the file, its own record where it was in a capture, the path below a
-- well-known folder where it was collected. Rows of a stay are what it sent, received, wrote or deleted, once for a day and file, with such marks (`path` is the whole one).
WITH inspected AS (
    SELECT i.source || ':' || CAST(i.record AS VARCHAR) AS file_ref, CAST(i.time AS DATE) AS day, i.sha256, i.image_sha256, i.tail_sha256, i.packet IS NOT NULL AS captured,
        i.verdict = 'hidden data' AS hidden, i.finding_sentence || ', from byte ' || CAST(i.finding_offset AS VARCHAR) || ' of ' || CAST(i.size AS VARCHAR) AS what,
        CASE WHEN i.kind NOT IN ('pe', 'elf', 'script') THEN list_filter([
            'sha256 ' || i.sha256, 'sha1 ' || i.sha1, 'md5 ' || i.md5, 'fuid ' || i.fuid,
            CASE WHEN i.packet IS NOT NULL THEN 'capture ' || i.source || ':' || CAST(i.record AS VARCHAR)
                ELSE 'path ' || nullif(regexp_extract(lower(replace(i.name, chr(92), '/')), '/((users|programdata|windows|program files( [(]x86[)])?|temp)/.*)$', 1), '') END
        ], lambda mark: mark IS NOT NULL) END AS marks
    FROM file_inspection AS i
    WHERE i.verdict = 'hidden data' OR i.image_sha256 IS NOT NULL
),
nearest AS (
    SELECT host, uid, min(distance) AS distance FROM acting GROUP BY host, uid
),
written AS (
    SELECT a.host, a.stay_id, f.time, f.ref, upper(f.file_hashes) AS hashes, lower(replace(f.file_path, chr(92), '/')) AS path,
        CASE f.activity_name WHEN 'Delete' THEN 'deleted ' ELSE 'wrote ' END || f.file_path AS how
    FROM file_activity AS f
    JOIN acting AS a ON a.host = f.device_hostname AND a.uid = f.actor_process_uid
    JOIN nearest AS n ON n.host = a.host AND n.uid = a.uid AND n.distance = a.distance
    WHERE f.activity_name IN ('Create', 'Create Stream', 'Delete')
),
act AS (
    SELECT c.host, c.stay_id, c.time, c.ref, CASE WHEN c.sensor = 'capture' THEN c.contact_ref END AS flow_ref, CAST(NULL AS VARCHAR) AS path,
        CASE c.activity_name WHEN 'Upload' THEN 'sent ' WHEN 'Download' THEN 'received ' ELSE 'exchanged ' END
            || COALESCE(c.file_name, nullif(regexp_extract(c.url_path, '([^/?]*)([?].*)?$', 1), ''), 'a file')
            || CASE c.activity_name WHEN 'Upload' THEN ' to ' WHEN 'Download' THEN ' from ' ELSE ' with ' END || c.destination
            || CASE WHEN c.sensor = 'capture' THEN ' (packet ' || c.file_uid || ')' ELSE '' END AS how,
        CASE WHEN c.sensor = 'capture' THEN ['capture ' || c.ref]
            ELSE ['sha256 ' || c.file_sha256, 'sha1 ' || c.file_sha1, 'md5 ' || c.file_md5, CASE WHEN c.sensor = 'zeek' THEN 'fuid ' || c.file_uid END] END AS marks
    FROM contact_file AS c
    WHERE c.own
    UNION ALL
    SELECT host, stay_id, time, ref, NULL, path, how, [
        'sha256 ' || lower(nullif(regexp_extract(hashes, 'SHA256=([0-9A-F]{64})', 1), '')), 'sha1 ' || lower(nullif(regexp_extract(hashes, 'SHA1=([0-9A-F]{40})', 1), '')),
        'md5 ' || lower(nullif(regexp_extract(hashes, 'MD5=([0-9A-F]{32})', 1), '')),
        CASE WHEN regexp_matches(path, '^...(users|programdata|windows|program files( [(]x86[)])?|temp)/') THEN 'path ' || substr(path, 4) END
    ]
    FROM written
),
marked AS (
    SELECT host, stay_id, time, ref, flow_ref, path, how, list_filter(marks, lambda mark: mark IS NOT NULL) AS marks FROM act
)
SELECT stay_id, host, CAST(time AS DATE) AS day, marks, path, how AS what, flow_ref, CAST(NULL AS VARCHAR) AS sha256, CAST(NULL AS VARCHAR) AS image_sha256,
    CAST(NULL AS VARCHAR) AS tail_sha256, FALSE AS hidden, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs,
    COUNT(DISTINCT ref) AS records
FROM marked
WHERE array_length(marks) > 0
GROUP BY stay_id, host, CAST(time AS DATE), marks, path, how, flow_ref
UNION ALL
SELECT NULL, NULL, day, marks, NULL, what, NULL, sha256, image_sha256, tail_sha256, hidden, NULL, NULL, [file_ref], 1 FROM inspected
