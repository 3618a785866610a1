-- What the silence of a whole facet weighs, by the kinds of record that a host's sensors tell, and for programs that only the network saw:
-- none of the questions was answered that could have been. As with findings, the strongest counts whole, the next half, a quarter, ...
-- (Weighed as of an ordinary program.) Hosts whose sensors tell the same are reckoned once.
WITH example AS (
    SELECT kinds, min(host) AS host FROM sensed GROUP BY kinds
),
able AS (
    SELECT e.kinds, n.detector
    FROM example AS e
    JOIN coverage AS c ON c.host = e.host
    JOIN detector_need AS n ON n.kind = c.kind
    GROUP BY e.kinds, n.detector
    HAVING COUNT(*) = max(n.needs)
),
asked AS (
    SELECT
        a.kinds, v.network_only, w.facet, w.facet_order, w.patience_days,
        w.absent_db * pow(0.5, row_number() OVER (PARTITION BY a.kinds, v.network_only, w.facet ORDER BY w.absent_db, w.id) - 1) AS absent_db
    FROM able AS a
    JOIN weight AS w ON w.id = a.detector AND w.own = 1
    CROSS JOIN (SELECT TRUE AS network_only UNION ALL SELECT FALSE) AS v
    WHERE w.patience_days IS NOT NULL AND (w.network OR NOT v.network_only)
)
SELECT
    kinds, network_only, facet, facet_order, max(patience_days) AS patience_days, COUNT(*) AS questions,
    CAST(round(100 * sum(round(absent_db, 2))) AS BIGINT) AS hundredths
FROM asked
GROUP BY kinds, network_only, facet, facet_order
