-- Every family of programs with the sum of its heaviest stay, NULL without evidence; `own` as in ordinary.
SELECT o.family, min(o.own) AS own, max(w.weight_db) AS weight_db
FROM stay AS s
JOIN ordinary AS o ON o.program = s.program
LEFT JOIN summed AS w ON w.stay_id = s.stay_id
GROUP BY o.family
