-- A rare place: the pictures fetched from there (as the sensor saw their content) are ten or more on
-- three days or more and nine of ten of one size, and what is posted there is ten times as much, in bodies of more than one size. A browser
-- keeps a picture that it has, and a page's pictures differ.
WITH traffic AS (
    SELECT c.* FROM picture_errand_rows AS c JOIN place_spread AS s ON s.destination = c.destination WHERE s.rare
),
fetched AS (
    SELECT stay_id, destination, CAST(sum(pictures) AS BIGINT) AS pictures FROM traffic GROUP BY stay_id, destination
),
size AS (
    SELECT stay_id, destination, size, CAST(sum(pictures) AS BIGINT) AS times, COUNT(DISTINCT day) AS days
    FROM traffic
    WHERE size IS NOT NULL
    GROUP BY stay_id, destination, size
),
post AS (
    SELECT stay_id, destination, CAST(sum(records) AS BIGINT) AS posts, min(least) AS least, max(most) AS most, CAST(sum(sent) AS BIGINT) AS sent
    FROM traffic
    WHERE is_post
    GROUP BY stay_id, destination
    HAVING min(least) < max(most)
)
SELECT t.stay_id, min(t.first) AS first, max(t.last) AS last, array_slice(list_sort(list_distinct(flatten(list(t.refs)))), 1, 20) AS refs,
    CAST(sum(t.records) AS BIGINT) AS records, t.destination AS place, max(z.size) AS size, max(z.times) AS times, max(z.days) AS days, max(p.posts) AS posts,
    max(p.least) AS least, max(p.most) AS most, max(p.sent) AS sent
FROM traffic AS t
JOIN fetched AS f ON f.stay_id = t.stay_id AND f.destination = t.destination
JOIN size AS z ON z.stay_id = t.stay_id AND z.destination = t.destination
JOIN post AS p ON p.stay_id = t.stay_id AND p.destination = t.destination
WHERE z.times >= 10 AND z.days >= 3 AND z.times >= 0.9 * f.pictures AND p.sent >= 10 * z.size * z.times AND (t.size = z.size OR t.is_post)
GROUP BY t.stay_id, t.destination
QUALIFY row_number() OVER (PARTITION BY t.stay_id ORDER BY max(p.sent) DESC, t.destination) = 1
