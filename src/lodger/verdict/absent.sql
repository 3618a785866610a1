-- Facets that are silent in stays with evidence although the sensors could have shown them and there was time to: the arrival was seen, or
-- the stay itself for as many days as the facet needs. Where a facet has any finding, what else it could have shown says nothing more.
-- Those that came with one another are one party: its whole life is judged, and who of it arrived or spoke did so for all.
WITH party AS (
    SELECT k.stay_id, min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen, max(s.arrival) AS arrival
    FROM kin AS k
    JOIN stay AS s ON s.stay_id = k.kin
    GROUP BY k.stay_id
),
spoken AS (
    SELECT stay_id, facet FROM weighed
    UNION
    SELECT k.stay_id, w.facet FROM kin AS k JOIN weighed AS w ON w.stay_id = k.kin
),
told AS (
    SELECT DISTINCT stay_id FROM weighed
)
SELECT s.stay_id, q.facet, q.facet_order, q.questions, q.hundredths
FROM stay AS s
SEMI JOIN told AS t ON t.stay_id = s.stay_id
LEFT JOIN party AS p ON p.stay_id = s.stay_id
JOIN sensed AS h ON h.host = s.host
JOIN facet_silence AS q ON q.kinds = h.kinds AND q.network_only = (s.kind = 'network')
CROSS JOIN setting AS x
ANTI JOIN spoken AS k ON k.stay_id = s.stay_id AND k.facet = q.facet
WHERE x.absence AND (q.facet <> 'arrival' OR COALESCE(s.arrival, p.arrival) IS NOT NULL)
    AND date_diff('second', least(s.first_seen, p.first_seen), greatest(s.last_seen, p.last_seen)) >= q.patience_days * 86400
