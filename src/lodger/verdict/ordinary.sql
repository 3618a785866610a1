-- Whether each program family counts as ordinary software of this fleet (1) or not (0): not where, by `summed` of the round before, it is
-- rather an implant than not. The shares of findings among ordinary software are counted with it, and then the sums anew (the two-groups
-- model of B. Efron, "Large-Scale Inference", 2010, chapter 2, fitted by classification and maximisation in turns: G. Celeux and G. Govaert,
-- Computational Statistics & Data Analysis 14, 1992). Else what several intruders have in common would pass for the fleet's habit. At most
-- one family in twenty is set aside (nobody where there are fewer), so that a fleet whose own ways are odd is still its own measure.
WITH heaviest AS (
    SELECT s.program, COALESCE(max(w.weight_db), 0) AS weight_db
    FROM stay AS s
    LEFT JOIN summed AS w ON w.stay_id = s.stay_id
    GROUP BY s.program
),
placed AS (
    SELECT program, weight_db, row_number() OVER (ORDER BY weight_db DESC, program) AS place, COUNT(*) OVER () AS programs FROM heaviest
)
SELECT p.program, CASE WHEN 20 * p.place <= p.programs AND x.prior_odds * pow(10, p.weight_db / 10) > 1 THEN 0 ELSE 1 END AS own
FROM placed AS p
CROSS JOIN setting AS x
