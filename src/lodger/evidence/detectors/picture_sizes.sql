-- Pictures, by content as the sensor saw it, that go to or come from a rare place, six or more on two days or more. What photographs never show:
--   one remainder   the sizes differ, six of them or more, and all leave one remainder when divided by some number of 16 to 64: they grow by whole blocks. Sizes of
--                   photographs leave any: by chance six do so one time in 100,000.
--   one size        ten sent are of one and the same size
--   hardly differ   ten sent differ by less than a quarter of a per cent (standard deviation); series of one camera at one scene by one per cent and more
-- (measured on series of the public collection of EXIF samples: 0.9 to 2 per cent within a series, and remainders by 16 of all kinds). Bitmaps are as large as
-- they are wide and high, and left out.
WITH picture AS (
    SELECT c.stay_id, c.destination, c.time, c.ref, c.bytes_out AS size, 'sent to' AS way
    FROM stay_contact AS c JOIN place_spread AS s ON s.destination = c.destination
    WHERE c.own AND c.is_http AND s.rare AND c.method IN ('POST', 'PUT') AND c.bytes_out > 0
        AND regexp_matches(array_to_string(c.request_mime_types, ','), '^image/(jpe?g|pjpeg|png|gif|webp)$')
    UNION ALL
    SELECT c.stay_id, c.destination, c.time, c.ref, c.bytes_in, 'fetched from'
    FROM stay_contact AS c JOIN place_spread AS s ON s.destination = c.destination
    WHERE c.own AND c.is_http AND s.rare AND c.bytes_in > 0 AND regexp_matches(array_to_string(c.response_mime_types, ','), '^image/(jpe?g|pjpeg|png|gif|webp)$')
),
series AS (
    SELECT stay_id, destination, way, COUNT(*) AS pictures, COUNT(DISTINCT size) AS sizes, min(size) AS least, max(size) AS most,
        COUNT(DISTINCT CAST(time AS DATE)) AS days, stddev_samp(size) / avg(size) AS variation
    FROM picture
    GROUP BY stay_id, destination, way
    HAVING COUNT(*) >= 6 AND COUNT(DISTINCT CAST(time AS DATE)) >= 2
),
divisor AS (
    SELECT unnest(range(16, 65)) AS block
),
blocks AS (
    SELECT p.stay_id, p.destination, p.way, d.block
    FROM picture AS p
    JOIN series AS s ON s.stay_id = p.stay_id AND s.destination = p.destination AND s.way = p.way
    CROSS JOIN divisor AS d
    WHERE s.sizes >= 6
    GROUP BY p.stay_id, p.destination, p.way, d.block
    HAVING COUNT(DISTINCT p.size % d.block) = 1
    QUALIFY row_number() OVER (PARTITION BY p.stay_id, p.destination, p.way ORDER BY d.block DESC) = 1
),
odd AS (
    SELECT s.*, CASE
        WHEN b.block IS NOT NULL THEN 'they differ by multiples of ' || CAST(b.block AS VARCHAR)
        WHEN s.sizes = 1 THEN 'all of one size'
        ELSE 'they hardly differ' END AS oddity
    FROM series AS s
    LEFT JOIN blocks AS b ON b.stay_id = s.stay_id AND b.destination = s.destination AND b.way = s.way
    WHERE b.block IS NOT NULL OR (s.way = 'sent to' AND s.pictures >= 10 AND s.variation < 0.0025)
)
SELECT o.stay_id, min(p.time) AS first, max(p.time) AS last, array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs, COUNT(DISTINCT p.ref) AS records,
    o.way, o.destination AS place, o.pictures, o.least, o.most, o.days, o.oddity
FROM odd AS o
JOIN picture AS p ON p.stay_id = o.stay_id AND p.destination = o.destination AND p.way = o.way
GROUP BY o.stay_id, o.way, o.destination, o.pictures, o.least, o.most, o.days, o.oddity
QUALIFY row_number() OVER (PARTITION BY o.stay_id ORDER BY o.pictures DESC, o.destination, o.way DESC) = 1
