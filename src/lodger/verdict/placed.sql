-- The order of the stays with evidence; and of those that came with one another, which one of them stands above: it heads the case, and
-- they are part of it. Their sums are often the same: then the one is first that shows most itself, which is rather what stays and talks
-- than what installed it.
WITH own AS (
    SELECT stay_id, round(sum(weight_db), 2) AS own_db FROM weighed WHERE kin IS NULL GROUP BY stay_id
),
place AS (
    SELECT
        s.stay_id, w.weight_db,
        row_number() OVER (ORDER BY w.weight_db DESC, COALESCE(o.own_db, 0) DESC, s.first_seen, s.stay_id) AS rank
    FROM summed AS w
    JOIN stay AS s ON s.stay_id = w.stay_id
    LEFT JOIN own AS o ON o.stay_id = w.stay_id
),
above AS (
    SELECT b.stay_id, a.stay_id AS came_with
    FROM kin AS k
    JOIN place AS b ON b.stay_id = k.stay_id
    JOIN place AS a ON a.stay_id = k.kin AND a.rank < b.rank
    QUALIFY row_number() OVER (PARTITION BY b.stay_id ORDER BY a.rank) = 1
)
SELECT p.stay_id, p.weight_db, p.rank, a.came_with
FROM place AS p
LEFT JOIN above AS a ON a.stay_id = p.stay_id
