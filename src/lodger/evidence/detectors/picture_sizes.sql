-- Pictures, by content as the sensor saw it, that go to or come from a rare place, six or more on two days or more. What photographs never show:
--   one remainder   the sizes differ, six of them or more, and all leave one remainder when divided by some number of 16 to 64: they grow by whole blocks. Sizes of
--                   photographs leave any: by chance six do so one time in 100,000.
--   one size        ten sent are of one and the same size
--   hardly differ   ten sent differ by less than a quarter of a per cent (standard deviation); series of one camera at one scene by one per cent and more
-- (measured on series of the public collection of EXIF samples: 0.9 to 2 per cent within a series, and remainders by 16 of all kinds). Bitmaps are as large as
-- they are wide and high, and left out.
WITH picture AS (
    SELECT c.* FROM picture_sizes_rows AS c JOIN place_spread AS s ON s.destination = c.destination WHERE s.rare
),
totals AS (
    SELECT stay_id, destination, way, CAST(sum(pictures) AS BIGINT) AS pictures, min(least) AS least, max(most) AS most,
        COUNT(*) AS days, array_length(list_distinct(flatten(list(some_sizes)))) AS sizes,
        CAST(sum(size_sum) AS DOUBLE) AS size_sum, CAST(sum(square_sum) AS DOUBLE) AS square_sum,
        min(first) AS first, max(last) AS last, array_slice(list_sort(list_distinct(flatten(list(refs)))), 1, 20) AS refs, CAST(sum(records) AS BIGINT) AS records
    FROM picture
    GROUP BY stay_id, destination, way
    HAVING sum(pictures) >= 6 AND COUNT(*) >= 2
),
series AS (
    -- the square of the coefficient of variation, from sums of whole numbers
    SELECT *, pictures * (pictures * square_sum - size_sum * size_sum) / ((pictures - 1) * size_sum * size_sum) AS variation FROM totals
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
    HAVING COUNT(DISTINCT p.least % d.block) = 1 AND min(CASE WHEN p.least = p.most OR COALESCE(list_contains(p.blocks, d.block), FALSE) THEN 1 ELSE 0 END) = 1
    QUALIFY row_number() OVER (PARTITION BY p.stay_id, p.destination, p.way ORDER BY d.block DESC) = 1
),
odd AS (
    SELECT s.*, CASE
        WHEN b.block IS NOT NULL THEN 'they differ by multiples of ' || CAST(b.block AS VARCHAR)
        WHEN s.sizes = 1 THEN 'all of one size'
        ELSE 'they hardly differ' END AS oddity
    FROM series AS s
    LEFT JOIN blocks AS b ON b.stay_id = s.stay_id AND b.destination = s.destination AND b.way = s.way
    WHERE b.block IS NOT NULL OR (s.way = 'sent to' AND s.pictures >= 10 AND s.variation < 0.0025 * 0.0025)
)
SELECT stay_id, first, last, refs, records, way, destination AS place, pictures, least, most, days, oddity
FROM odd
QUALIFY row_number() OVER (PARTITION BY stay_id ORDER BY pictures DESC, destination, way DESC) = 1
