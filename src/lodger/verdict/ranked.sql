-- The stays with evidence, by posterior odds: prior odds times ten to the power of a tenth of the sum.
WITH telling AS (
    SELECT stay_id, list_sort(list(CAST(facet_order AS VARCHAR) || sentence)) AS parts
    FROM (
        SELECT stay_id, facet_order, sentence FROM weighed WHERE weight_db > 0
        QUALIFY row_number() OVER (PARTITION BY stay_id, facet ORDER BY weight_db DESC, detector) = 1
    ) AS strongest
    GROUP BY stay_id
)
SELECT
    r.rank, s.stay_id, r.came_with, s.host, s.path AS program, s.arrival, s.arrival_how, s.departure, s.first_seen, s.last_seen,
    w.weight_db, t.prior_odds * pow(10, w.weight_db / 10) AS odds, w.facets, w.absent, c.contacts, p.parts
FROM summed AS w
JOIN placed AS r ON r.stay_id = w.stay_id
JOIN stay AS s ON s.stay_id = w.stay_id
CROSS JOIN setting AS t
LEFT JOIN telling AS p ON p.stay_id = w.stay_id
LEFT JOIN main_contact AS c ON c.stay_id = w.stay_id
