-- The sum of every stay with evidence: its findings, and the facets that are silent.
WITH found AS (
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
    s.stay_id, s.program, f.facets, m.absent,
    round(f.found_db + COALESCE(m.absent_db, 0), 2) AS weight_db
FROM found AS f
JOIN stay AS s ON s.stay_id = f.stay_id
LEFT JOIN missed AS m ON m.stay_id = f.stay_id
