-- A rare place: the pictures fetched from there (as the sensor saw their content) are ten or more on
-- three days or more and nine of ten of one size, and what is posted there is ten times as much, in bodies of more than one size. A browser
-- keeps a picture that it has, and a page's pictures differ.
WITH traffic AS (
    SELECT c.stay_id, c.destination, c.time, c.ref, c.bytes_in, c.bytes_out,
        CAST(regexp_matches(array_to_string(c.response_mime_types, ','), '^image/[a-z.+-]+$') AND c.bytes_in > 0 AS BOOLEAN) AS is_picture,
        c.method IN ('POST', 'PUT') AND c.bytes_out > 0 AS is_post
    FROM stay_contact AS c
    JOIN place_spread AS s ON s.destination = c.destination
    WHERE c.own AND c.is_http AND s.rare
),
size AS (
    SELECT stay_id, destination, bytes_in AS size, COUNT(*) AS times, COUNT(DISTINCT CAST(time AS DATE)) AS days, SUM(COUNT(*)) OVER (PARTITION BY stay_id, destination) AS pictures
    FROM traffic
    WHERE is_picture
    GROUP BY stay_id, destination, bytes_in
),
post AS (
    SELECT stay_id, destination, COUNT(*) AS posts, min(bytes_out) AS least, max(bytes_out) AS most, CAST(sum(bytes_out) AS BIGINT) AS sent
    FROM traffic
    WHERE is_post
    GROUP BY stay_id, destination
    HAVING min(bytes_out) < max(bytes_out)
)
SELECT t.stay_id, min(t.time) AS first, max(t.time) AS last, array_slice(list_sort(list(DISTINCT t.ref)), 1, 20) AS refs,
    COUNT(DISTINCT t.ref) AS records, t.destination AS place, max(z.size) AS size, max(z.times) AS times, max(z.days) AS days, max(p.posts) AS posts,
    max(p.least) AS least, max(p.most) AS most, max(p.sent) AS sent
FROM traffic AS t
JOIN size AS z ON z.stay_id = t.stay_id AND z.destination = t.destination
JOIN post AS p ON p.stay_id = t.stay_id AND p.destination = t.destination
WHERE z.times >= 10 AND z.days >= 3 AND z.times >= 0.9 * z.pictures AND p.sent >= 10 * z.size * z.times
    AND ((t.is_picture AND t.bytes_in = z.size) OR t.is_post)
GROUP BY t.stay_id, t.destination
QUALIFY row_number() OVER (PARTITION BY t.stay_id ORDER BY max(p.sent) DESC, t.destination) = 1
