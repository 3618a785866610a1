-- Every finding, and what was found of those that came with a stay and not of itself: `kin` is whose it is. One intrusion is several
-- programs (a document's first file, an installer, a driver, what stays), and each alone is half of the evidence.
WITH of_kin AS (
    SELECT
        k.stay_id, f.detector, f.first, f.last, f.refs, f.records, k.kin,
        CASE WHEN s.host <> o.host THEN s.name || ' on ' || s.host || ': ' ELSE s.name || ': ' END || f.sentence AS sentence
    FROM kin AS k
    JOIN finding AS f ON f.stay_id = k.kin
    JOIN stay AS s ON s.stay_id = k.kin
    JOIN stay AS o ON o.stay_id = k.stay_id
    ANTI JOIN finding AS n ON n.stay_id = k.stay_id AND n.detector = f.detector
    QUALIFY row_number() OVER (PARTITION BY k.stay_id, f.detector ORDER BY s.host <> o.host, f.first, k.kin) = 1
)
SELECT stay_id, detector, first, last, sentence, refs, records, CAST(NULL AS VARCHAR) AS kin FROM finding
UNION ALL
SELECT stay_id, detector, first, last, sentence, refs, records, kin FROM of_kin
