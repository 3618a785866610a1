-- What content tells against names, by place and day.
--   program   executable content under the name of a picture, page or document (the name, and whether it came or went)
--   posted    pictures posted as the whole body
--   unknown   what is named a picture and of no kind that the sensor knows; AVIF and its like are neither
-- One record may be of two kinds, and rows have each record once. Rows without a stay have the sizes of the pictures that came from a place (the
-- three smallest): more than two, and it is a place of pictures. Rows without records have the marks (hash, or Zeek's id) of pictures that a
-- stay sent to a place; or, without a stay, of a picture that was carved or collected and walked, and whether it is clean.
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
    CAST(NULL AS VARCHAR[]) AS marks, CAST(NULL AS BOOLEAN) AS clean
FROM told
GROUP BY stay_id, destination, CAST(time AS DATE), program, posted, unknown
UNION ALL
SELECT NULL, destination, CAST(time AS DATE), NULL, FALSE, FALSE, NULL, NULL, NULL, 0, array_slice(list_sort(list(DISTINCT bytes_in)), 1, 3), NULL, NULL
FROM stay_contact
WHERE is_http AND bytes_in > 0 AND array_to_string(response_mime_types, ',') LIKE 'image/%'
GROUP BY destination, CAST(time AS DATE)
UNION ALL
SELECT stay_id, destination, CAST(time AS DATE), NULL, FALSE, FALSE, NULL, NULL, NULL, 0, NULL,
    list_sort(list(DISTINCT COALESCE('sha256 ' || file_sha256, 'fuid ' || file_uid))), NULL
FROM contact_file
WHERE own AND activity_name = 'Upload' AND file_mime_type LIKE 'image/%' AND COALESCE(file_sha256, file_uid) IS NOT NULL
GROUP BY stay_id, destination, CAST(time AS DATE)
UNION ALL
SELECT NULL, NULL, CAST(time AS DATE), NULL, FALSE, FALSE, NULL, NULL, NULL, 0, NULL,
    list_filter(['sha256 ' || sha256, 'fuid ' || fuid], lambda mark: mark IS NOT NULL), verdict = 'clean'
FROM file_inspection
WHERE kind IN ('jpeg', 'png', 'gif', 'bmp', 'webp')
