-- Facets that are silent in stays with evidence although the sensors could have shown them and there was time to: the arrival was seen, or
-- the stay itself for as many days as the facet needs. Where a facet has any finding, what else it could have shown says nothing more.
WITH spoken AS (
    SELECT DISTINCT stay_id, facet FROM weighed
),
told AS (
    SELECT DISTINCT stay_id FROM weighed
)
SELECT s.stay_id, q.facet, q.facet_order, q.questions, q.hundredths
FROM stay AS s
SEMI JOIN told AS t ON t.stay_id = s.stay_id
JOIN sensed AS h ON h.host = s.host
JOIN facet_silence AS q ON q.kinds = h.kinds AND q.network_only = (s.kind = 'network')
CROSS JOIN setting AS x
ANTI JOIN spoken AS k ON k.stay_id = s.stay_id AND k.facet = q.facet
WHERE x.absence AND (q.facet <> 'arrival' OR s.arrival IS NOT NULL)
    AND date_diff('second', s.first_seen, s.last_seen) >= q.patience_days * 86400
