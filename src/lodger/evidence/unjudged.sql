-- The calls of units that were not judged before, or had other calls then: the last ten thousand of each of its parts, in any order.
WITH fresh AS (
    SELECT u.host, u.stay_id, u.unit, u.name, u.contacts, u.mark
    FROM contact_unit AS u
    WHERE NOT EXISTS (
        SELECT 1
        FROM judged_before AS b
        JOIN judge AS j ON j.version = b.judge
        WHERE b.host = u.host AND b.stay_id = u.stay_id AND b.unit = u.unit AND b.name = u.name AND b.contacts = u.contacts AND b.mark = u.mark
    )
)
SELECT f.host, f.stay_id, f.unit, f.name, f.contacts, f.mark, j.version AS judge, flatten(list(p.times)) AS times
FROM fresh AS f
JOIN unit_part AS p ON p.host = f.host AND p.stay_id = f.stay_id AND p.unit = f.unit AND p.name = f.name
CROSS JOIN judge AS j
GROUP BY f.host, f.stay_id, f.unit, f.name, f.contacts, f.mark, j.version
