-- Whose name it is that a lease, a ticket or a logon says: one row per name (lower case, without the $ of machine accounts) and host.
-- A name without a domain is the one host with that first label: among those that report themselves, else among the full names that
-- leases say. A NetBIOS name, cut at 15 characters, is the one host whose longer label begins with it. A ticket's name has the realm for
-- a domain, which need not be the host's own: it is that host only where there is one. With two hosts to choose from a name
-- stays by itself.
WITH known AS (
    SELECT host AS name, 1 AS rank FROM _host_name
    UNION
    SELECT name, 2 FROM name_said WHERE realm = 0 AND strpos(name, '.') > 0
),
labelled AS (
    SELECT split_part(name, '.', 1) AS label, name, rank FROM known
    UNION
    SELECT substr(split_part(name, '.', 1), 1, 15), name, rank + 2 FROM known WHERE length(split_part(name, '.', 1)) > 15
),
best AS (
    SELECT label, min(rank) AS rank FROM labelled GROUP BY label
),
sole AS (
    SELECT l.label, min(l.name) AS host, min(l.rank) AS rank
    FROM labelled AS l
    JOIN best AS b ON b.label = l.label AND b.rank = l.rank
    GROUP BY l.label
    HAVING COUNT(DISTINCT l.name) = 1
)
SELECT s.name, min(CASE
    WHEN k.name IS NOT NULL AND s.realm = 1 THEN s.name
    WHEN s.realm = 1 THEN COALESCE(o.host, split_part(s.name, '.', 1))
    WHEN strpos(s.name, '.') = 0 THEN COALESCE(o.host, s.name)
    WHEN o.rank = 1 AND o.host = o.label THEN o.host
    ELSE s.name
END) AS host
FROM name_said AS s
LEFT JOIN (SELECT DISTINCT name FROM known) AS k ON k.name = s.name
LEFT JOIN sole AS o ON o.label = split_part(s.name, '.', 1)
GROUP BY s.name
