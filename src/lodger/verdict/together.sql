-- How many program families of the fleet's hosts show each facet, and each two of them: with a finding that speaks for an implant;
-- of those that count as ordinary.
-- (Programs that only the network saw cannot show most of them, and are left out.)
WITH family AS (
    SELECT DISTINCT s.program, w.facet
    FROM weighed AS w
    JOIN stay AS s ON s.stay_id = w.stay_id
    JOIN ordinary AS o ON o.program = s.program AND o.own = 1
    WHERE w.weight_db > 0 AND s.kind <> 'network'
)
SELECT a.facet AS one, b.facet AS other, COUNT(*) AS programs
FROM family AS a
JOIN family AS b ON b.program = a.program
WHERE a.facet <= b.facet
GROUP BY a.facet, b.facet
UNION ALL
SELECT NULL, NULL, COUNT(DISTINCT program) FROM stay WHERE kind <> 'network'
ORDER BY one, other
