-- Media type, as the network sensor saw it, against method and name: pictures posted as the whole body to where no pictures come from (one and the same, or two, is no
-- place of pictures); executable content under the name of a picture, page or document; and from a rare place, three times or more, what is named a picture and of
-- no kind that the sensor knows. Not AVIF and its like under a picture's old name: a place of one program on few hosts is no content network.
WITH picture_place AS (
    SELECT destination
    FROM stay_contact
    WHERE is_http AND bytes_in > 0 AND array_to_string(response_mime_types, ',') LIKE 'image/%'
    GROUP BY destination
    HAVING COUNT(DISTINCT bytes_in) >= 3
),
carried AS (
    SELECT stay_id, time, ref, destination, sensor, own, activity_name, file_mime_type, file_size, status_code,
        COALESCE(nullif(regexp_extract(file_name, '([^/]*)$', 1), ''), regexp_extract(url_path, '([^/?]*)([?].*)?$', 1)) AS name
    FROM contact_file
),
odd AS (
    SELECT stay_id, time, ref, destination, 'a program under the name of ' || regexp_extract(url_path, '([^/?]*)([?].*)?$', 1) || ' from ' || destination AS what
    FROM stay_contact
    WHERE array_to_string(response_mime_types, ',') LIKE '%application/x-dosexec%' AND regexp_matches(lower(url_path), '[.](jpe?g|png|gif|bmp|webp|ico|css|js|txt|html?|pdf|docx?|xlsx?|json|xml)([?].*)?$')
    UNION ALL
    SELECT stay_id, time, ref, destination,
        'a program under the name of ' || name || CASE activity_name WHEN 'Upload' THEN ' to ' ELSE ' from ' END || destination
    FROM carried
    WHERE file_mime_type IN ('application/x-dosexec', 'application/x-executable') AND regexp_matches(lower(name), '[.](jpe?g|png|gif|bmp|webp|ico|css|js|txt|html?|pdf|docx?|xlsx?|json|xml)$')
    UNION ALL
    SELECT c.stay_id, c.time, c.ref, c.destination, 'pictures posted to ' || c.destination
    FROM stay_contact AS c
    WHERE c.method IN ('POST', 'PUT') AND regexp_matches(array_to_string(c.request_mime_types, ','), '^image/[a-z.+-]+$')
        AND NOT EXISTS (SELECT 1 FROM picture_place AS p WHERE p.destination = c.destination)
    UNION ALL
    SELECT c.stay_id, c.time, c.ref, c.destination, 'what is named a picture and is none, from ' || c.destination AS what
    FROM carried AS c
    JOIN place_spread AS p ON p.destination = c.destination
    WHERE c.own AND p.rare AND c.sensor = 'zeek' AND c.activity_name = 'Download' AND c.status_code = 200 AND c.file_size >= 64
        AND (c.file_mime_type IS NULL OR c.file_mime_type IN ('application/octet-stream', 'application/zip', 'application/x-gzip'))
        AND regexp_matches(lower(c.name), '[.](jpe?g|png|gif|bmp)$')
    QUALIFY COUNT(*) OVER (PARTITION BY c.stay_id, c.destination) >= 3
)
SELECT stay_id, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records, list_sort(list(DISTINCT what)) AS what
FROM odd
GROUP BY stay_id
