-- How many program families of the fleet's hosts show each facet, and each two of them: with a finding that speaks for an implant;
-- of those that count as ordinary.
-- (Programs that only the network saw cannot show most of them, and are left out.)
WITH shown AS (
    SELECT DISTINCT o.family, w.facet
    FROM weighed AS w
    JOIN stay AS s ON s.stay_id = w.stay_id
    JOIN ordinary AS o ON o.program = s.program AND o.own = 1
    WHERE w.weight_db > 0 AND s.kind <> 'network'
)
SELECT a.facet AS one, b.facet AS other, COUNT(*) AS programs
FROM shown AS a
JOIN shown AS b ON b.family = a.family
WHERE a.facet <= b.facet
GROUP BY a.facet, b.facet
UNION ALL
SELECT NULL, NULL, COUNT(DISTINCT f.family) FROM stay AS s JOIN family AS f ON f.program = s.program WHERE s.kind <> 'network'
ORDER BY one, other
