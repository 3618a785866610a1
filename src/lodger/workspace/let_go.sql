-- Every stay with its place after a statement was withdrawn.
SELECT
    y.host, y.path AS program, y.stay_id, 'a statement about it was withdrawn' AS sentence, y.first_seen AS since, y.last_seen AS until,
    y.departure IS NULL AS present, r.rank AS rank_after, COALESCE(r.weight_db, 0) AS weight_after
FROM stay AS y
LEFT JOIN ranked AS r ON r.stay_id = y.stay_id
