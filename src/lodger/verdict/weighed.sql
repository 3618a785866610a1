-- Every finding with its weight, and what of it counts. Findings often say the same thing twice: of two, the stronger counts whole and the
-- other as far as it says more beside it, which is measured among ordinary software: with P(finding | ordinary, the stronger one), its share among
-- the families that show the stronger one, in place of P(finding | ordinary).
--   In one facet that goes for each stronger finding in turn; what would leave half of the weight is added as ten programs, so that where
-- nothing is measured the second counts half, the third a quarter, ...
--   Findings of different facets are different facts unless the fleet says otherwise: as many programs as stand for the baseline are added
-- in which the two are independent, and the one stronger finding that says most of it already is the measure: each finding hangs on
-- one other, as in the trees of C. Chow and C. Liu, IEEE Transactions on Information Theory 14 (1968), and N. Friedman, D. Geiger and
-- M. Goldszmidt, "Bayesian network classifiers", Machine Learning 29 (1997). With fewer than 200 programs nothing is taken off for that:
-- there an intruder and what he brought along would be each other's excuse.
-- Of both, what leaves less counts. What speaks against an implant repeats nothing that speaks for one; of several in a facet, halves.
-- (Logarithms are summed in thousandths, as whole numbers: the same in any order.)
WITH judged AS (
    SELECT
        f.stay_id, f.detector, f.first, f.last, f.sentence, f.refs, f.records, f.kin, w.title, w.facet, w.facet_order, w.technique, w.p_implant,
        w.p_ordinary, w.weight_db, o.own, w.weight_db > 0 AS speaks_for,
        row_number() OVER (PARTITION BY f.stay_id ORDER BY w.weight_db DESC, w.facet_order, f.detector) AS place
    FROM told AS f
    JOIN stay AS s ON s.stay_id = f.stay_id
    JOIN ordinary AS o ON o.program = s.program
    JOIN weight AS w ON w.id = f.detector AND w.own = o.own
    -- that one who came with it is like others says nothing of it
    WHERE f.kin IS NULL OR w.weight_db > 0
),
pair AS (
    SELECT
        k.stay_id, k.detector, k.weight_db, k.speaks_for, k.p_implant, k.p_ordinary, j.facet = k.facet AS alike,
        CASE WHEN t.prevalence THEN greatest(COALESCE(b.programs, 0) - k.own, 0) ELSE 0 END AS both_show,
        CASE WHEN t.prevalence THEN greatest(e.shown - k.own, 0) ELSE 0 END AS one_shows, t.baseline_programs
    FROM judged AS k
    JOIN judged AS j ON j.stay_id = k.stay_id AND j.place < k.place AND j.speaks_for = k.speaks_for
    JOIN eligible AS e ON e.detector = j.detector
    LEFT JOIN beside AS b ON b.detector = j.detector AND b.beside = k.detector
    CROSS JOIN setting AS t
    WHERE j.facet = k.facet OR (k.speaks_for AND t.dependence AND e.programs >= 200)
),
said AS (
    SELECT
        stay_id, detector, alike, weight_db, speaks_for,
        10 * log10(p_implant / ((both_show + 10 * sqrt(p_implant * p_ordinary)) / (one_shows + 10))) / weight_db AS left_of_it,
        10 * log10((both_show + baseline_programs * p_ordinary) / (one_shows + baseline_programs) / p_ordinary) AS said_db
    FROM pair
),
less AS (
    SELECT stay_id, detector,
        COALESCE(sum(CASE WHEN alike THEN CAST(round(1000 * ln(
            CASE WHEN speaks_for THEN least(greatest(left_of_it, 0.000001), 1) ELSE 0.5 END
        )) AS BIGINT) END), 0) AS thousandths,
        greatest(COALESCE(max(CASE WHEN NOT alike THEN said_db END), 0), 0) AS said_db
    FROM said
    GROUP BY stay_id, detector
)
SELECT
    j.* EXCLUDE (own, place, speaks_for),
    round(CASE
        WHEN j.speaks_for THEN greatest(least(j.weight_db * exp(COALESCE(l.thousandths, 0) / 1000.0), j.weight_db - COALESCE(l.said_db, 0)), 0)
        ELSE j.weight_db * exp(COALESCE(l.thousandths, 0) / 1000.0)
    END, 2) AS counted_db
FROM judged AS j
LEFT JOIN less AS l ON l.stay_id = j.stay_id AND l.detector = j.detector
