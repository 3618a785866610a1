-- What the days after these must know of processes: those that may still act, and all that they descend from. A process is over when its end
-- was told, when its host was started again (wininit runs once for each start), or after forty days without a word.
-- `parent_uid` is the one that answers for it, if it is another than the one that started it.
WITH RECURSIVE started AS (
    SELECT host, max(start) AS time
    FROM process
    WHERE start IS NOT NULL AND regexp_matches(lower(path), '[\\]windows[\\]system32[\\]wininit[.]exe$')
    GROUP BY host
),
heard AS (
    SELECT host, max(last_seen) AS time FROM instance GROUP BY host
),
family AS (
    SELECT i.host, i.uid, COALESCE(l.parent_uid, i.parent_uid) AS parent_uid
    FROM instance AS i
    LEFT JOIN lineage AS l ON l.host = i.host AND l.uid = i.uid
),
needed AS (
    SELECT i.host, i.uid, 0 AS depth
    FROM instance AS i
    JOIN heard AS h ON h.host = i.host
    LEFT JOIN started AS s ON s.host = i.host
    WHERE i.ended IS NULL AND i.last_seen >= h.time - INTERVAL 40 DAY
        AND (s.time IS NULL OR i.last_seen >= s.time - INTERVAL 5 MINUTE)
    UNION ALL
    SELECT f.host, f.parent_uid, n.depth + 1
    FROM needed AS n
    JOIN family AS f ON f.host = n.host AND f.uid = n.uid
    WHERE f.parent_uid IS NOT NULL AND n.depth < 32
),
chosen AS (
    SELECT DISTINCT host, uid FROM needed
)
SELECT i.host, i.uid, i.pid, i.path, i.cmd_line, i.user_name, i.last_seen, f.parent_uid, i.hashes, i.original_name, i.company_name
FROM instance AS i
JOIN chosen AS c ON c.host = i.host AND c.uid = i.uid
JOIN family AS f ON f.host = i.host AND f.uid = i.uid
