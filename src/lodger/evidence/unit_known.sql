-- The kept states that still hold: the unit's calls up to the last one in it are as many as were folded, and the same by their digest. A
-- late record, one that is gone, or another member of a union makes them others, and the unit is judged from all of its calls.
WITH same AS (
    SELECT s.host, s.stay_id, s.unit, s.name
    FROM unit_state AS s
    JOIN unit_past AS p ON p.host = s.host AND p.stay_id = s.stay_id AND p.unit = s.unit AND p.name = s.name
    GROUP BY s.host, s.stay_id, s.unit, s.name, s.folded, s.digest
    HAVING sum(p.calls) = s.folded AND sum(p.digest) = s.digest
)
SELECT s.host, s.stay_id, s.unit, s.name, s.last, s.head, s.said, s.held
FROM unit_state AS s
JOIN same AS e ON e.host = s.host AND e.stay_id = s.stay_id AND e.unit = s.unit AND e.name = s.name
