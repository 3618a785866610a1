-- How many program families each detector could have shown at all: those with a stay on a host from which every kind of record that
-- the detector needs has come. The family, not the stay, is counted: one agent on a thousand hosts is one observation.
WITH sighted AS (
    SELECT n.detector, c.host
    FROM detector_need AS n
    JOIN coverage AS c ON c.kind = n.kind
    GROUP BY n.detector, c.host
    HAVING COUNT(*) = max(n.needs)
),
shown AS (
    SELECT f.detector, COUNT(DISTINCT s.program) AS programs
    FROM finding AS f JOIN stay AS s ON s.stay_id = f.stay_id
    GROUP BY f.detector
)
SELECT d.id AS detector, COUNT(DISTINCT s.program) AS programs, COALESCE(max(h.programs), 0) AS shown
FROM detector AS d
LEFT JOIN sighted AS g ON g.detector = d.id
LEFT JOIN stay AS s ON s.host = g.host AND (s.kind <> 'network' OR d.network)
LEFT JOIN shown AS h ON h.detector = d.id
GROUP BY d.id
