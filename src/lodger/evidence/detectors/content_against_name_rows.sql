-- What content tells against names, by place and day.
--   program   executable content under the name of a picture, page or document (the name, and whether it came or went)
--   posted    pictures posted as the whole body
--   unknown   what is named a picture and of no kind that the sensor knows; AVIF and its like are neither
-- One record may be of two kinds, and rows have each record once. Rows without a stay have the sizes of the pictures that came from a place (the
-- three smallest): more than two, and it is a place of pictures. Rows without records are pictures that a stay sent to a place and that were
-- carved and walked (disguise): how many, and how many of them have nothing hidden.
WITH asked AS (
    SELECT stay_id, destination, time, ref,
        CASE
            WHEN array_to_string(response_mime_types, ',') LIKE '%application/x-dosexec%'
                AND regexp_matches(lower(url_path), '[.](jpe?g|png|gif|bmp|webp|ico|css|js|txt|html?|pdf|docx?|xlsx?|json|xml)([?].*)?$')
            THEN 'a program under the name of ' || regexp_extract(url_path, '([^/?]*)([?].*)?$', 1) || ' from ' || destination
        END AS program,
        COALESCE(method IN ('POST', 'PUT') AND regexp_matches(array_to_string(request_mime_types, ','), '^image/[a-z.+-]+$'), FALSE) AS posted, FALSE AS unknown
    FROM stay_contact
),
carried AS (
    SELECT stay_id, time, ref, destination, sensor, own, activity_name, file_mime_type, file_size, status_code,
        COALESCE(nullif(regexp_extract(file_name, '([^/]*)$', 1), ''), regexp_extract(url_path, '([^/?]*)([?].*)?$', 1)) AS name
    FROM contact_file
),
looked_at AS (
    SELECT DISTINCT mark, verdict
    FROM (
        SELECT 'sha256 ' || sha256 AS mark, verdict FROM file_inspection
        UNION ALL
        SELECT 'fuid ' || fuid, verdict FROM file_inspection
    ) AS marked
    WHERE mark IS NOT NULL
),
walked AS (
    SELECT c.stay_id, c.destination, c.time, c.ref, CASE WHEN max(CASE WHEN i.verdict = 'clean' THEN 0 ELSE 1 END) = 0 THEN 1 ELSE 0 END AS clean
    FROM (
        SELECT stay_id, destination, time, ref, unnest(['sha256 ' || file_sha256, 'fuid ' || file_uid]) AS mark
        FROM contact_file
        WHERE own AND activity_name = 'Upload' AND file_mime_type LIKE 'image/%'
    ) AS c
    JOIN looked_at AS i ON i.mark = c.mark
    GROUP BY c.stay_id, c.destination, c.time, c.ref
),
told AS (
    SELECT stay_id, destination, time, ref, program, posted, unknown FROM asked WHERE program IS NOT NULL OR posted
    UNION ALL
    SELECT stay_id, destination, time, ref,
        'a program under the name of ' || name || CASE activity_name WHEN 'Upload' THEN ' to ' ELSE ' from ' END || destination, FALSE, FALSE
    FROM carried
    WHERE file_mime_type IN ('application/x-dosexec', 'application/x-executable')
        AND regexp_matches(lower(name), '[.](jpe?g|png|gif|bmp|webp|ico|css|js|txt|html?|pdf|docx?|xlsx?|json|xml)$')
    UNION ALL
    SELECT stay_id, destination, time, ref, NULL, FALSE, TRUE
    FROM carried
    WHERE own AND sensor = 'zeek' AND activity_name = 'Download' AND status_code = 200 AND file_size >= 64
        AND (file_mime_type IS NULL OR file_mime_type IN ('application/octet-stream', 'application/zip', 'application/x-gzip'))
        AND regexp_matches(lower(name), '[.](jpe?g|png|gif|bmp)$')
)
SELECT stay_id, destination, CAST(time AS DATE) AS day, program, posted, unknown, min(time) AS first, max(time) AS last,
    array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records, CAST(NULL AS BIGINT[]) AS sizes,
    0 AS walked, 0 AS clean
FROM told
GROUP BY stay_id, destination, CAST(time AS DATE), program, posted, unknown
UNION ALL
SELECT NULL, destination, CAST(time AS DATE), NULL, FALSE, FALSE, NULL, NULL, NULL, 0, array_slice(list_sort(list(DISTINCT bytes_in)), 1, 3), 0, 0
FROM stay_contact
WHERE is_http AND bytes_in > 0 AND array_to_string(response_mime_types, ',') LIKE 'image/%'
GROUP BY destination, CAST(time AS DATE)
UNION ALL
SELECT stay_id, destination, CAST(time AS DATE), NULL, FALSE, FALSE, NULL, NULL, NULL, 0, NULL, CAST(COUNT(*) AS INT), CAST(sum(clean) AS INT)
FROM walked
GROUP BY stay_id, destination, CAST(time AS DATE)
