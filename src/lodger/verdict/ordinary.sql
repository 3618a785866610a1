-- Whether each family of programs counts as ordinary software of this fleet (1) or not (0): not where, by `summed` of the round before, it is
-- rather an implant than not. The shares of findings among ordinary software are counted with it, and then the sums anew (the two-groups
-- model of B. Efron, "Large-Scale Inference", 2010, chapter 2, fitted by classification and maximisation in turns: G. Celeux and G. Govaert,
-- Computational Statistics & Data Analysis 14, 1992). Else what several intruders have in common would pass for the fleet's habit. At most
-- one family in twenty is set aside (nobody where there are fewer), so that a fleet whose own ways are odd is still its own measure.
WITH heaviest AS (
    SELECT f.family, COALESCE(max(w.weight_db), 0) AS weight_db
    FROM stay AS s
    JOIN family AS f ON f.program = s.program
    LEFT JOIN summed AS w ON w.stay_id = s.stay_id
    GROUP BY f.family
),
placed AS (
    SELECT family, weight_db, row_number() OVER (ORDER BY weight_db DESC, family) AS place, COUNT(*) OVER () AS families FROM heaviest
)
SELECT f.program, f.family, CASE WHEN 20 * p.place <= p.families AND x.prior_odds * pow(10, p.weight_db / 10) > 1 THEN 0 ELSE 1 END AS own
FROM family AS f
JOIN placed AS p ON p.family = f.family
CROSS JOIN setting AS x
