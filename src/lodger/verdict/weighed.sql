-- Every finding with its weight of evidence in decibans (I. J. Good): 10 log10 of P(finding | implant) / P(finding | ordinary).
-- P(finding | ordinary) is the fleet's own share mixed with the shipped baseline, which counts as baseline_programs programs (the mean
-- of a beta posterior). The judged program's own family is left out, and no estimate is below 1 / (programs + 2): a small fleet
-- cannot convict by rarity alone. (What is known from outside of the fleet is no rarity in it: there the baseline itself is the bound.)
-- Findings of one facet often say the same thing twice: the strongest counts whole, the next half, a quarter, ...
-- Weights are hundredths of a deciban, so that the sum is the same in any order, and on paper.
WITH estimated AS (
    SELECT
        f.stay_id, f.detector, f.first, f.last, f.sentence, f.refs, f.records, d.title, d.facet, d.facet_order, d.technique, d.p_implant,
        greatest(
            (d.p_ordinary * t.baseline_programs + greatest(e.shown - 1, 0)) / (t.baseline_programs + greatest(e.programs - 1, 0)),
            CASE WHEN d.outside THEN d.p_ordinary ELSE 1.0 / (greatest(e.programs - 1, 0) + 2) END
        ) AS p_ordinary
    FROM finding AS f
    JOIN detector AS d ON d.id = f.detector
    JOIN eligible AS e ON e.detector = f.detector
    CROSS JOIN setting AS t
),
weighted AS (
    SELECT *, round(10 * log10(p_implant / p_ordinary), 2) AS weight_db FROM estimated
)
SELECT
    *,
    round(
        weight_db * pow(0.5, row_number() OVER (PARTITION BY stay_id, facet ORDER BY weight_db DESC, detector) - 1), 2
    ) AS counted_db
FROM weighted
