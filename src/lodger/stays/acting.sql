-- For which programs each process acts: its own, and those of the parents that answer for it, and theirs.
WITH RECURSIVE acting AS (
    SELECT host, uid, program, uid AS for_uid, 0 AS distance
    FROM lineage
    WHERE NOT tool
    UNION ALL
    SELECT c.host, c.uid, a.program, a.for_uid, a.distance + 1
    FROM acting AS a
    JOIN lineage AS c ON c.host = a.host AND c.parent_uid = a.uid AND c.counted
    WHERE a.distance < 16
)
SELECT a.host, a.uid, a.program, substr(sha256(a.host || '|' || a.program), 1, 12) AS stay_id, min(a.distance) AS distance
FROM acting AS a
GROUP BY a.host, a.uid, a.program
