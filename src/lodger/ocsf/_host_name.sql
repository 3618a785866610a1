-- One name for each host: sensors give it with and without the domain. A bare name is the full name that begins with it, where the
-- case holds exactly one such; with two domains to choose from it stays by itself. A NetBIOS name is cut at 15 characters: one of that
-- length is also the only full name whose longer first label begins with it, where none has it for a label.
WITH qualified AS (
    SELECT split_part(name, '.', 1) AS label, min(name) AS host
    FROM _known_name
    WHERE strpos(name, '.') > 0 AND NOT regexp_matches(name, '^[0-9.]+$')
    GROUP BY split_part(name, '.', 1)
    HAVING COUNT(*) = 1
),
cut AS (
    SELECT substr(split_part(name, '.', 1), 1, 15) AS label, min(name) AS host
    FROM _known_name
    WHERE strpos(name, '.') > 16 AND NOT regexp_matches(name, '^[0-9.]+$')
    GROUP BY substr(split_part(name, '.', 1), 1, 15)
    HAVING COUNT(*) = 1
)
SELECT s.name, COALESCE(q.host, CASE WHEN f.label IS NULL THEN c.host END, s.name) AS host
FROM _known_name AS s
LEFT JOIN qualified AS q ON q.label = s.name
LEFT JOIN (SELECT DISTINCT split_part(name, '.', 1) AS label FROM _known_name WHERE strpos(name, '.') > 0) AS f ON f.label = s.name
LEFT JOIN cut AS c ON c.label = s.name
