-- Every finding with its weight, and what of it counts. Findings of one facet often say the same thing twice: the strongest counts whole, and
-- each further one as far as it says more beside each one before it. How far that is, is measured among ordinary software: with
-- P(finding | ordinary, the one before) in place of P(finding | ordinary), its share among the families that show the one before. What that
-- would leave half of the weight is added as ten programs, so that where nothing is measured the second counts half, the third a quarter, ...
-- (Logarithms are summed in thousandths, as whole numbers: the same in any order.)
WITH judged AS (
    SELECT
        f.stay_id, f.detector, f.first, f.last, f.sentence, f.refs, f.records, f.kin, w.title, w.facet, w.facet_order, w.technique, w.p_implant,
        w.p_ordinary, w.weight_db, o.own, row_number() OVER (PARTITION BY f.stay_id, w.facet ORDER BY w.weight_db DESC, f.detector) AS place
    FROM told AS f
    JOIN stay AS s ON s.stay_id = f.stay_id
    JOIN ordinary AS o ON o.program = s.program
    JOIN weight AS w ON w.id = f.detector AND w.own = o.own
    -- that one who came with it is like others says nothing of it
    WHERE f.kin IS NULL OR w.weight_db > 0
),
beside_one AS (
    SELECT
        k.stay_id, k.detector, k.weight_db, k.p_implant,
        (CASE WHEN t.prevalence THEN greatest(COALESCE(b.programs, 0) - k.own, 0) ELSE 0 END + 10 * sqrt(k.p_implant * k.p_ordinary))
            / (CASE WHEN t.prevalence THEN greatest(e.shown - k.own, 0) ELSE 0 END + 10) AS p_beside
    FROM judged AS k
    JOIN judged AS j ON j.stay_id = k.stay_id AND j.facet = k.facet AND j.place < k.place
    JOIN eligible AS e ON e.detector = j.detector
    LEFT JOIN beside AS b ON b.detector = j.detector AND b.beside = k.detector
    CROSS JOIN setting AS t
),
less AS (
    SELECT stay_id, detector, sum(CAST(round(1000 * ln(
        CASE WHEN weight_db > 0 THEN least(greatest(10 * log10(p_implant / p_beside) / weight_db, 0.000001), 1) ELSE 0.5 END
    )) AS BIGINT)) AS thousandths
    FROM beside_one
    GROUP BY stay_id, detector
)
SELECT j.* EXCLUDE (own, place), round(j.weight_db * exp(COALESCE(l.thousandths, 0) / 1000.0), 2) AS counted_db
FROM judged AS j
LEFT JOIN less AS l ON l.stay_id = j.stay_id AND l.detector = j.detector
