-- Files that were carved or collected, and walked: those with hidden data, and pictures of which another copy has another tail. By hash, or by Zeek's id of
-- the file, they are what the network's sensors saw in a contact; by hash, or by the path below a well-known folder that one host alone has, what a program wrote.
-- What travelled in the HTTP bodies of a capture is in the contact of its own flow; the flow is told with it, and the packet in which the body begins.
-- Not what more than one host in twenty has (at least three): that is what an ordinary place sends to all.
WITH twin AS (
    SELECT image_sha256
    FROM file_inspection
    WHERE image_sha256 IS NOT NULL
    GROUP BY image_sha256
    HAVING COUNT(DISTINCT tail_sha256) > 1
),
odd AS (
    SELECT i.source || ':' || CAST(i.record AS VARCHAR) AS file_ref, i.sha256, i.sha1, i.md5, i.fuid, i.name,
        CASE WHEN i.verdict = 'hidden data'
            THEN i.finding_sentence || ', from byte ' || CAST(i.finding_offset AS VARCHAR) || ' of ' || CAST(i.size AS VARCHAR)
            ELSE 'another tail than the same picture has elsewhere' END AS what,
        i.packet IS NOT NULL AS captured
    FROM file_inspection AS i
    LEFT JOIN twin AS t ON t.image_sha256 = i.image_sha256
    WHERE (i.verdict = 'hidden data' OR t.image_sha256 IS NOT NULL) AND i.kind NOT IN ('pe', 'elf', 'script')
),
odd_key AS (
    SELECT file_ref, sha256, what, 'sha256 ' || sha256 AS mark FROM odd
    UNION ALL
    SELECT file_ref, sha256, what, 'sha1 ' || sha1 FROM odd WHERE sha1 IS NOT NULL
    UNION ALL
    SELECT file_ref, sha256, what, 'md5 ' || md5 FROM odd WHERE md5 IS NOT NULL
    UNION ALL
    SELECT file_ref, sha256, what, 'fuid ' || fuid FROM odd WHERE fuid IS NOT NULL
    UNION ALL
    SELECT file_ref, sha256, what, 'capture ' || file_ref FROM odd WHERE captured
    UNION ALL
    SELECT file_ref, sha256, what, 'path ' || nullif(regexp_extract(lower(replace(name, chr(92), '/')), '/((users|programdata|windows|program files( [(]x86[)])?|temp)/.*)$', 1), '')
    FROM odd
    WHERE NOT captured
),
carried AS (
    SELECT c.host, c.stay_id, c.time, c.ref, CASE WHEN c.sensor = 'capture' THEN c.contact_ref END AS flow_ref, c.sensor, c.file_uid, c.file_sha256, c.file_sha1, c.file_md5,
        CASE c.activity_name WHEN 'Upload' THEN 'sent ' WHEN 'Download' THEN 'received ' ELSE 'exchanged ' END
            || COALESCE(c.file_name, nullif(regexp_extract(c.url_path, '([^/?]*)([?].*)?$', 1), ''), 'a file')
            || CASE c.activity_name WHEN 'Upload' THEN ' to ' WHEN 'Download' THEN ' from ' ELSE ' with ' END || c.destination
            || CASE WHEN c.sensor = 'capture' THEN ' (packet ' || c.file_uid || ')' ELSE '' END AS how
    FROM contact_file AS c
    WHERE c.own
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
    SELECT host, stay_id, time, ref, flow_ref, how, 'sha256 ' || file_sha256 AS mark FROM carried WHERE file_sha256 IS NOT NULL AND sensor <> 'capture'
    UNION ALL
    SELECT host, stay_id, time, ref, NULL, how, 'sha1 ' || file_sha1 FROM carried WHERE file_sha1 IS NOT NULL AND sensor <> 'capture'
    UNION ALL
    SELECT host, stay_id, time, ref, NULL, how, 'md5 ' || file_md5 FROM carried WHERE file_md5 IS NOT NULL AND sensor <> 'capture'
    UNION ALL
    SELECT host, stay_id, time, ref, flow_ref, how, 'capture ' || ref FROM carried WHERE sensor = 'capture'
    UNION ALL
    SELECT host, stay_id, time, ref, NULL, how, 'fuid ' || file_uid FROM carried WHERE sensor = 'zeek' AND file_uid IS NOT NULL
    UNION ALL
    SELECT host, stay_id, time, ref, NULL, how, 'sha256 ' || lower(regexp_extract(hashes, 'SHA256=([0-9A-F]{64})', 1)) FROM written WHERE hashes LIKE '%SHA256=%'
    UNION ALL
    SELECT host, stay_id, time, ref, NULL, how, 'sha1 ' || lower(regexp_extract(hashes, 'SHA1=([0-9A-F]{40})', 1)) FROM written WHERE hashes LIKE '%SHA1=%'
    UNION ALL
    SELECT host, stay_id, time, ref, NULL, how, 'md5 ' || lower(regexp_extract(hashes, 'MD5=([0-9A-F]{32})', 1)) FROM written WHERE hashes LIKE '%MD5=%'
    UNION ALL
    SELECT w.host, w.stay_id, w.time, w.ref, NULL, w.how, 'path ' || substr(w.path, 4)
    FROM written AS w
    JOIN (SELECT path FROM written GROUP BY path HAVING COUNT(DISTINCT host) = 1) AS p ON p.path = w.path
),
found AS (
    SELECT DISTINCT a.host, a.stay_id, a.time, a.ref, a.flow_ref, a.how, o.file_ref, o.sha256, o.what FROM act AS a JOIN odd_key AS o ON o.mark = a.mark
),
spread AS (
    SELECT sha256, COUNT(DISTINCT host) AS hosts FROM found GROUP BY sha256
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
kept AS (
    SELECT f.*
    FROM found AS f
    JOIN spread AS p ON p.sha256 = f.sha256
    CROSS JOIN fleet AS n
    WHERE p.hosts <= greatest(3, n.hosts / 20)
),
told AS (
    SELECT stay_id, time, ref, how || ', with ' || what AS what FROM kept
    UNION ALL
    SELECT stay_id, time, file_ref, NULL FROM kept
    UNION ALL
    SELECT stay_id, time, flow_ref, NULL FROM kept WHERE flow_ref IS NOT NULL
)
SELECT stay_id, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records,
    list_sort(list(DISTINCT what) FILTER (WHERE what IS NOT NULL)) AS what
FROM told
GROUP BY stay_id
