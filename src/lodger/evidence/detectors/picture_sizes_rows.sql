-- Pictures, by content as the sensor saw it, that went to or came from a place on a day: how many, of what sizes, and (for how much they differ) the sums of the sizes and of
-- their squares, up to a gigabyte each. `some_sizes` are the six smallest; `blocks` are the numbers of 16 to 64 by which all leave one remainder when divided, where there
-- are several sizes.
WITH picture AS (
    SELECT stay_id, destination, CAST(time AS DATE) AS day, time, ref, bytes_out AS size, 'sent to' AS way
    FROM stay_contact
    WHERE own AND is_http AND method IN ('POST', 'PUT') AND bytes_out > 0
        AND regexp_matches(array_to_string(request_mime_types, ','), '^image/(jpe?g|pjpeg|png|gif|webp)$')
    UNION ALL
    SELECT stay_id, destination, CAST(time AS DATE), time, ref, bytes_in, 'fetched from'
    FROM stay_contact
    WHERE own AND is_http AND bytes_in > 0 AND regexp_matches(array_to_string(response_mime_types, ','), '^image/(jpe?g|pjpeg|png|gif|webp)$')
),
series AS (
    SELECT stay_id, destination, way, day, COUNT(*) AS pictures, min(size) AS least, max(size) AS most,
        array_slice(list_sort(list(DISTINCT size)), 1, 6) AS some_sizes, CAST(sum(least(size, 1000000000)) AS BIGINT) AS size_sum,
        sum(CAST(least(size, 1000000000) AS DECIMAL(19, 0)) * CAST(least(size, 1000000000) AS DECIMAL(19, 0))) AS square_sum,
        min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records
    FROM picture
    GROUP BY stay_id, destination, way, day
),
divisor AS (
    SELECT unnest(range(16, 65)) AS block
),
divided AS (
    -- the largest and the smallest leave one remainder, or the rest need not be looked at
    SELECT p.stay_id, p.destination, p.way, p.day, d.block
    FROM series AS s
    JOIN divisor AS d ON (s.most - s.least) % d.block = 0
    JOIN picture AS p ON p.stay_id = s.stay_id AND p.destination = s.destination AND p.way = s.way AND p.day = s.day
    WHERE s.least < s.most
    GROUP BY p.stay_id, p.destination, p.way, p.day, d.block
    HAVING COUNT(DISTINCT p.size % d.block) = 1
),
block AS (
    SELECT stay_id, destination, way, day, list_sort(list(block)) AS blocks FROM divided GROUP BY stay_id, destination, way, day
)
SELECT s.*, b.blocks
FROM series AS s
LEFT JOIN block AS b ON b.stay_id = s.stay_id AND b.destination = s.destination AND b.way = s.way AND b.day = s.day
