-- What was fetched as a picture (as the sensor saw its content) and what was posted, by HTTP place and day: one row for each of the day's three most frequent sizes of
-- pictures (`size`; null: another one, or no picture), apart by whether the same request posted. `pictures` are fetched ones, `least`, `most` and `sent` bytes of `posts`.
WITH traffic AS (
    SELECT stay_id, destination, CAST(time AS DATE) AS day, time, ref, bytes_out,
        CASE WHEN regexp_matches(array_to_string(response_mime_types, ','), '^image/[a-z.+-]+$') AND bytes_in > 0 THEN bytes_in END AS size,
        COALESCE(method IN ('POST', 'PUT') AND bytes_out > 0, FALSE) AS is_post
    FROM stay_contact
    WHERE own AND is_http
),
frequent AS (
    SELECT stay_id, destination, day, size
    FROM traffic
    WHERE size IS NOT NULL
    GROUP BY stay_id, destination, day, size
    QUALIFY row_number() OVER (PARTITION BY stay_id, destination, day ORDER BY COUNT(*) DESC, size) <= 3
)
SELECT t.stay_id, t.destination, t.day, f.size, t.is_post, COUNT(t.size) AS pictures,
    min(CASE WHEN t.is_post THEN t.bytes_out END) AS least, max(CASE WHEN t.is_post THEN t.bytes_out END) AS most,
    CAST(sum(CASE WHEN t.is_post THEN t.bytes_out ELSE 0 END) AS BIGINT) AS sent, min(t.time) AS first, max(t.time) AS last,
    array_slice(list_sort(list(DISTINCT t.ref)), 1, 20) AS refs, COUNT(DISTINCT t.ref) AS records
FROM traffic AS t
LEFT JOIN frequent AS f ON f.stay_id = t.stay_id AND f.destination = t.destination AND f.day = t.day AND f.size = t.size
WHERE t.size IS NOT NULL OR t.is_post
GROUP BY t.stay_id, t.destination, t.day, f.size, t.is_post
