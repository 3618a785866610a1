-- What a finding of each detector weighs in this fleet, in decibans (I. J. Good): 10 log10 of P(finding | implant) / P(finding | ordinary);
-- and what it weighs that there is none although the sensors could have shown it: the same of the complements.
-- P(finding | ordinary) is the fleet's own share mixed with the shipped baseline, which counts as baseline_programs programs (the mean
-- of a beta posterior). The judged program's own family is left out, where it is counted at all (`own` is 1), and no
-- estimate is below 1 / (programs + 2): a small fleet cannot convict by rarity alone. (What is known from outside of the fleet is no
-- rarity in it: there the baseline itself is the bound.) Weights are hundredths of a deciban, so that the sum is the same in any order,
-- and on paper.
WITH judged AS (
    SELECT DISTINCT own FROM ordinary
),
counted AS (
    SELECT
        e.detector, j.own, greatest(e.programs - j.own, 0) AS programs, greatest(e.shown - j.own, 0) AS shown,
        least(e.shown, greatest(e.programs - j.own, 0)) AS shown_by_others
    FROM eligible AS e
    CROSS JOIN judged AS j
),
estimated AS (
    SELECT
        d.*, e.own,
        CASE WHEN NOT t.prevalence THEN d.baseline ELSE greatest(
            (d.baseline * t.baseline_programs + e.shown) / (t.baseline_programs + e.programs),
            CASE WHEN d.outside THEN d.baseline ELSE 1.0 / (e.programs + 2) END
        ) END AS p_ordinary,
        CASE WHEN NOT t.prevalence THEN d.baseline ELSE
            (d.baseline * t.baseline_programs + e.shown_by_others) / (t.baseline_programs + e.programs)
        END AS p_of_others
    FROM detector AS d
    JOIN counted AS e ON e.detector = d.id
    CROSS JOIN setting AS t
)
SELECT
    *, round(10 * log10(p_implant / p_ordinary), 2) AS weight_db,
    round(10 * log10((1 - p_implant) / (1 - p_of_others)), 2) AS absent_db
FROM estimated
