-- The calls, day by day, of the units of which a state is kept, and the last call in it.
SELECT s.host, s.stay_id, s.unit, s.name, s.last, d.times
FROM unit_state AS s
JOIN unit_day AS d ON d.host = s.host AND d.stay_id = s.stay_id AND d.unit = s.unit AND d.name = s.name
