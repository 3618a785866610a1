-- The records of units that a question may be about (six nats and more): of each part the first records of days, at most twenty in all.
SELECT u.host, u.stay_id, u.destination, array_slice(list_sort(list_distinct(flatten(list(p.refs)))), 1, 20) AS refs
FROM contact_unit AS u
JOIN judged AS j ON j.host = u.host AND j.stay_id = u.stay_id AND j.unit = u.unit AND j.name = u.name AND j.log_bayes_factor > 6
JOIN unit_part AS p ON p.host = u.host AND p.stay_id = u.stay_id AND p.unit = u.unit AND p.name = u.name
GROUP BY u.host, u.stay_id, u.unit, u.name, u.destination
