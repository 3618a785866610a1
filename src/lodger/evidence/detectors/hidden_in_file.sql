-- Files that were carved or collected, and walked: those with hidden data, and pictures of which another copy has another tail. By hash, or by Zeek's id of
-- the file, they are what the network's sensors saw in a contact; by hash, or by the path below a well-known folder that one host alone has, what a program wrote.
-- What travelled in the HTTP bodies of a capture is in the contact of its own flow; the flow is told with it, and the packet in which the body begins.
-- Not what more than one host in twenty has (at least three): that is what an ordinary place sends to all.
WITH inspected AS (
    SELECT refs[1] AS file_ref, sha256, image_sha256, tail_sha256, hidden, what, marks FROM hidden_in_file_rows WHERE stay_id IS NULL
),
twin AS (
    SELECT image_sha256
    FROM inspected
    WHERE image_sha256 IS NOT NULL
    GROUP BY image_sha256
    HAVING COUNT(DISTINCT tail_sha256) > 1
),
odd AS (
    SELECT i.file_ref, i.sha256, CASE WHEN i.hidden THEN i.what ELSE 'another tail than the same picture has elsewhere' END AS what, unnest(i.marks) AS mark
    FROM inspected AS i
    LEFT JOIN twin AS t ON t.image_sha256 = i.image_sha256
    WHERE i.hidden OR t.image_sha256 IS NOT NULL
),
act AS (
    SELECT host, stay_id, day, path, what AS how, flow_ref, first, last, refs, records, marks, unnest(marks) AS mark FROM hidden_in_file_rows WHERE stay_id IS NOT NULL
),
candidate AS (
    SELECT a.*, o.file_ref, o.sha256, o.what FROM act AS a JOIN odd AS o ON o.mark = a.mark
),
lone AS (
    SELECT path FROM hidden_in_file_rows WHERE path IN (SELECT path FROM candidate) GROUP BY path HAVING COUNT(DISTINCT host) = 1
),
found AS (
    SELECT DISTINCT host, stay_id, day, how, flow_ref, first, last, refs, records, marks, file_ref, sha256, what
    FROM candidate
    WHERE mark NOT LIKE 'path %' OR path IN (SELECT path FROM lone)
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
proof AS (
    -- what was in a capture is one record as a file and as what was carried
    SELECT DISTINCT stay_id, day, how, marks, refs, records FROM kept WHERE flow_ref IS NULL
    UNION
    SELECT stay_id, NULL, NULL, NULL, refs, 1 FROM kept WHERE flow_ref IS NOT NULL
    UNION
    SELECT stay_id, NULL, NULL, NULL, [file_ref], 1 FROM kept
    UNION
    SELECT stay_id, NULL, NULL, NULL, [flow_ref], 1 FROM kept WHERE flow_ref IS NOT NULL
),
proven AS (
    SELECT stay_id, array_slice(list_sort(list_distinct(flatten(list(refs)))), 1, 20) AS refs, CAST(sum(records) AS BIGINT) AS records FROM proof GROUP BY stay_id
)
SELECT k.stay_id, min(k.first) AS first, max(k.last) AS last, max(p.refs) AS refs, max(p.records) AS records,
    list_sort(list(DISTINCT k.how || ', with ' || k.what) FILTER (WHERE k.what IS NOT NULL)) AS what
FROM kept AS k
JOIN proven AS p ON p.stay_id = k.stay_id
GROUP BY k.stay_id
