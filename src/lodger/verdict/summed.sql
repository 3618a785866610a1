-- The sum of every stay with evidence: its findings, the facets that are silent, and what goes together in this fleet anyway.
WITH facet_bit AS (
    SELECT DISTINCT stay_id, facet_bit FROM (
        SELECT w.stay_id, CAST(pow(2, w.facet_order - 1) AS BIGINT) AS facet_bit FROM weighed AS w WHERE w.weight_db > 0
    ) AS positive
),
shown AS (
    SELECT stay_id, CAST(sum(facet_bit) AS BIGINT) AS facets FROM facet_bit GROUP BY stay_id
),
found AS (
    SELECT stay_id, sum(counted_db) AS found_db, list_sort(list(DISTINCT CAST(facet_order AS VARCHAR) || facet)) AS facets
    FROM weighed
    GROUP BY stay_id
),
missed AS (
    SELECT
        stay_id, sum(hundredths) / 100.0 AS absent_db,
        list_sort(list(CAST(facet_order AS VARCHAR) || facet || ':' || CAST(questions AS VARCHAR) || ':' || CAST(hundredths AS VARCHAR))) AS absent
    FROM absent
    GROUP BY stay_id
)
SELECT
    s.stay_id, s.program, f.facets, m.absent, COALESCE(t.facets, 0) AS tied, COALESCE(t.tied_db, 0) AS tied_db,
    round(f.found_db + COALESCE(m.absent_db, 0) + COALESCE(t.tied_db, 0), 2) AS weight_db
FROM found AS f
JOIN stay AS s ON s.stay_id = f.stay_id
LEFT JOIN missed AS m ON m.stay_id = f.stay_id
LEFT JOIN shown AS h ON h.stay_id = f.stay_id
LEFT JOIN tie AS t ON t.facets = h.facets
