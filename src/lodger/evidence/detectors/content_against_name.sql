-- Media type, as the network sensor saw it, against method and name: pictures posted as the whole body, and executable content under the name of a picture, page or document.
WITH odd AS (
    SELECT stay_id, time, ref, destination,
        CASE
            WHEN array_to_string(response_mime_types, ',') LIKE '%application/x-dosexec%' THEN 'a program under the name of ' || regexp_extract(url_path, '([^/?]*)([?].*)?$', 1) || ' from ' || destination
            ELSE 'pictures posted to ' || destination
        END AS what
    FROM stay_contact
    WHERE (array_to_string(response_mime_types, ',') LIKE '%application/x-dosexec%'
            AND regexp_matches(lower(url_path), '[.](jpe?g|png|gif|bmp|webp|ico|css|js|txt|html?|pdf|docx?|xlsx?|json|xml)([?].*)?$'))
        OR (method = 'POST' AND regexp_matches(array_to_string(request_mime_types, ','), '^image/[a-z.+-]+$'))
)
SELECT stay_id, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records, list_sort(list(DISTINCT what)) AS what
FROM odd
GROUP BY stay_id
