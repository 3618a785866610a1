-- Media type, as the network sensor saw it, against method and name: pictures posted as the whole body to where no pictures come from (one and the same, or two, is no
-- place of pictures); executable content under the name of a picture, page or document; and from a rare place, three times or more, what is named a picture and of
-- no kind that the sensor knows. Not pictures of which three or more were carved and walked and none had anything hidden. Not AVIF and its like under a picture's old name: a place of one program on few hosts is no content network.
WITH size AS (
    SELECT destination, unnest(sizes) AS size FROM content_against_name_rows WHERE stay_id IS NULL AND sizes IS NOT NULL
),
picture_place AS (
    SELECT destination FROM size GROUP BY destination HAVING COUNT(DISTINCT size) >= 3
),
sent AS (
    SELECT DISTINCT stay_id, destination, unnest(marks) AS mark FROM content_against_name_rows WHERE stay_id IS NOT NULL AND marks IS NOT NULL
),
walked AS (
    SELECT clean, unnest(marks) AS mark FROM content_against_name_rows WHERE stay_id IS NULL AND marks IS NOT NULL
),
harmless AS (
    SELECT s.stay_id, s.destination
    FROM sent AS s
    JOIN walked AS w ON w.mark = s.mark
    GROUP BY s.stay_id, s.destination
    HAVING COUNT(DISTINCT s.mark) >= 3 AND max(CASE WHEN w.clean THEN 0 ELSE 1 END) = 0
),
found AS (
    SELECT c.stay_id, c.destination, c.first, c.last, c.refs, c.records, c.program, c.posted AND p.destination IS NULL AND h.destination IS NULL AS posted, c.unknown AND COALESCE(s.rare, FALSE) AS unknown
    FROM content_against_name_rows AS c
    LEFT JOIN picture_place AS p ON p.destination = c.destination
    LEFT JOIN place_spread AS s ON s.destination = c.destination
    LEFT JOIN harmless AS h ON h.stay_id = c.stay_id AND h.destination = c.destination
    WHERE c.stay_id IS NOT NULL AND c.records > 0
),
counted AS (
    SELECT *, sum(CASE WHEN unknown THEN records ELSE 0 END) OVER (PARTITION BY stay_id, destination) AS unknowns FROM found
),
odd AS (
    SELECT *, CASE WHEN posted THEN 'pictures posted to ' || destination WHEN unknown THEN 'what is named a picture and is none, from ' || destination END AS what
    FROM counted
    WHERE program IS NOT NULL OR posted OR (unknown AND unknowns >= 3)
),
told AS (
    SELECT stay_id, list_sort(list(DISTINCT what)) AS what
    FROM (SELECT stay_id, what FROM odd WHERE what IS NOT NULL UNION ALL SELECT stay_id, program FROM odd WHERE program IS NOT NULL) AS whats
    GROUP BY stay_id
)
SELECT o.stay_id, min(o.first) AS first, max(o.last) AS last, array_slice(list_sort(list_distinct(flatten(list(o.refs)))), 1, 20) AS refs,
    CAST(sum(o.records) AS BIGINT) AS records, max(t.what) AS what
FROM odd AS o
JOIN told AS t ON t.stay_id = o.stay_id
GROUP BY o.stay_id
