-- Of each two detectors of one facet, how many families that count as ordinary show both: whether they say the same thing twice.
WITH shows AS (
    SELECT DISTINCT f.detector, d.facet, o.family
    FROM told AS f
    JOIN stay AS s ON s.stay_id = f.stay_id
    JOIN ordinary AS o ON o.program = s.program AND o.own = 1
    JOIN detector AS d ON d.id = f.detector
)
SELECT a.detector, b.detector AS beside, COUNT(*) AS programs
FROM shows AS a
JOIN shows AS b ON b.family = a.family AND b.facet = a.facet AND b.detector <> a.detector
GROUP BY a.detector, b.detector
