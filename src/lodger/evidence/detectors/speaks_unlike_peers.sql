-- Marks (TLS fingerprint, user agent whatever its numbers) of one program against the same program on at least three other hosts, that all show one and the same other
-- mark. Two days or more, so that an update on its way through the fleet is none; and of an act only the program's own part. What only the network saw has no program.
WITH shown AS (
    SELECT kind, program, host, stay_id, mark, COUNT(DISTINCT day) AS days
    FROM client_mark
    WHERE program NOT LIKE 'network: %'
    GROUP BY kind, program, host, stay_id, mark
),
fleet AS (
    SELECT kind, program, COUNT(DISTINCT host) AS hosts FROM shown GROUP BY kind, program HAVING COUNT(DISTINCT host) >= 4
),
spread AS (
    SELECT s.kind, s.program, s.mark, COUNT(DISTINCT s.host) AS hosts, max(s.days) AS days, max(f.hosts) AS of_hosts
    FROM shown AS s
    JOIN fleet AS f ON f.kind = s.kind AND f.program = s.program
    GROUP BY s.kind, s.program, s.mark
),
odd AS (
    SELECT s.kind, s.program, s.host, s.stay_id, s.mark, min(c.mark) AS common, max(p.of_hosts) - 1 AS peers
    FROM shown AS s
    JOIN spread AS p ON p.kind = s.kind AND p.program = s.program AND p.mark = s.mark AND p.hosts = 1
    JOIN spread AS c ON c.kind = s.kind AND c.program = s.program AND c.mark <> s.mark AND c.days >= 2
    LEFT JOIN shown AS o ON o.kind = s.kind AND o.program = s.program AND o.host = s.host AND o.mark = c.mark
    WHERE s.days >= 2 AND c.hosts - CASE WHEN o.mark IS NULL THEN 0 ELSE 1 END = p.of_hosts - 1
    GROUP BY s.kind, s.program, s.host, s.stay_id, s.mark
)
SELECT o.stay_id, min(m.first_time) AS first, max(m.last_time) AS last, array_slice(list_sort(list_distinct(flatten(list(m.refs)))), 1, 20) AS refs, CAST(sum(m.records) AS BIGINT) AS records,
    list_sort(list(DISTINCT m.shown)) AS shown, max(o.peers) AS peers, list_sort(list(DISTINCT o.common)) AS common
FROM odd AS o
JOIN client_mark AS m ON m.kind = o.kind AND m.stay_id = o.stay_id AND m.mark = o.mark
GROUP BY o.stay_id
