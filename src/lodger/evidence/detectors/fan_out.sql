-- Twenty addresses inside on one day, or ten of which half never answered; four times as many as on any earlier day, after three days on which
-- the host's connections were told. An inventory does it every day: where half as many come on a third of the program's days there or
-- more, it is a habit.
WITH past AS (
    SELECT d.*, COALESCE(max(d.addresses) OVER (PARTITION BY d.stay_id ORDER BY d.day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM fan_out_rows AS d
),
burst AS (
    SELECT p.*
    FROM past AS p
    WHERE (p.addresses >= 20 OR (p.addresses >= 10 AND p.silent >= p.addresses / 2)) AND p.addresses >= 4 * p.before
    QUALIFY row_number() OVER (PARTITION BY p.stay_id ORDER BY p.addresses DESC, p.day) = 1
),
habit AS (
    SELECT b.stay_id, COUNT(*) AS days, COUNT(CASE WHEN d.addresses >= b.addresses / 2 THEN 1 END) AS such_days
    FROM burst AS b JOIN fan_out_rows AS d ON d.stay_id = b.stay_id
    GROUP BY b.stay_id
),
watched AS (
    SELECT b.stay_id, COUNT(DISTINCT w.day) AS days_before
    FROM burst AS b JOIN connection_day AS w ON w.host = b.host AND w.day < b.day
    GROUP BY b.stay_id
)
SELECT b.stay_id, b.first, b.last, b.refs, b.records, b.addresses, b.silent, b.before, CAST(b.day AS VARCHAR) AS day, b.ports, w.days_before
FROM burst AS b
JOIN habit AS h ON h.stay_id = b.stay_id
JOIN watched AS w ON w.stay_id = b.stay_id
WHERE w.days_before >= 3 AND (h.such_days = 1 OR h.such_days < h.days / 3)
