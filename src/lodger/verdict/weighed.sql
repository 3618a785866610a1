-- Every finding with its weight. Findings of one facet often say the same thing twice: the strongest counts whole, the next half, a
-- quarter, ...
SELECT
    f.stay_id, f.detector, f.first, f.last, f.sentence, f.refs, f.records, f.kin, w.title, w.facet, w.facet_order, w.technique, w.p_implant,
    w.p_ordinary, w.weight_db,
    round(
        w.weight_db * pow(0.5, row_number() OVER (PARTITION BY f.stay_id, w.facet ORDER BY w.weight_db DESC, f.detector) - 1), 2
    ) AS counted_db
FROM told AS f
JOIN stay AS s ON s.stay_id = f.stay_id
JOIN ordinary AS o ON o.program = s.program
JOIN weight AS w ON w.id = f.detector AND w.own = o.own
-- that one who came with it is like others says nothing of it
WHERE f.kin IS NULL OR w.weight_db > 0
