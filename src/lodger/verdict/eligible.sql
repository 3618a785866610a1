-- How many families of programs (family.sql) each detector could have shown at all: those with a stay on a host from which every kind of record that
-- the detector needs has come. The family, not the stay, is counted: one agent on a thousand hosts is one observation; and those alone
-- that count as ordinary (ordinary.sql).
-- Detectors that need the same are asked once: there are many of them, and many stays.
WITH alike AS (
    SELECT d.sight, d.network, min(d.id) AS detector
    FROM detector AS d
    GROUP BY d.sight, d.network
),
sighted AS (
    SELECT a.sight, a.network, c.host
    FROM alike AS a
    JOIN detector_need AS n ON n.detector = a.detector
    JOIN coverage AS c ON c.kind = n.kind
    GROUP BY a.sight, a.network, c.host
    HAVING COUNT(*) = max(n.needs)
),
able AS (
    SELECT g.sight, g.network, COUNT(DISTINCT o.family) AS programs
    FROM sighted AS g
    JOIN stay AS s ON s.host = g.host AND (s.kind <> 'network' OR g.network)
    JOIN ordinary AS o ON o.program = s.program AND o.own = 1
    GROUP BY g.sight, g.network
),
shown AS (
    SELECT f.detector, COUNT(DISTINCT o.family) AS programs
    FROM told AS f
    JOIN stay AS s ON s.stay_id = f.stay_id
    JOIN ordinary AS o ON o.program = s.program AND o.own = 1
    GROUP BY f.detector
)
SELECT
    d.id AS detector, COALESCE(b.programs, 0) AS programs, COALESCE(h.programs, 0) AS shown
FROM detector AS d
LEFT JOIN able AS b ON b.sight = d.sight AND b.network = d.network
LEFT JOIN shown AS h ON h.detector = d.id
