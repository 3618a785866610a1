-- Of each two detectors, how many families that count as ordinary show both: whether they say the same thing twice.
WITH shows AS (
    SELECT DISTINCT f.detector, o.family
    FROM told AS f
    JOIN stay AS s ON s.stay_id = f.stay_id
    JOIN ordinary AS o ON o.program = s.program AND o.own = 1
)
SELECT a.detector, b.detector AS beside, COUNT(*) AS programs
FROM shows AS a
JOIN shows AS b ON b.family = a.family AND b.detector <> a.detector
GROUP BY a.detector, b.detector
