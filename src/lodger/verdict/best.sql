-- Every program family with the sum of its heaviest stay; NULL without evidence.
SELECT s.program, max(w.weight_db) AS weight_db
FROM stay AS s
LEFT JOIN summed AS w ON w.stay_id = s.stay_id
GROUP BY s.program
