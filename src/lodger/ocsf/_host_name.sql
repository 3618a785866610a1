-- One name for each host: sensors give it with and without the domain. A bare name is the full name that begins with it, where the
-- case holds exactly one such; with two domains to choose from it stays by itself.
WITH said AS (
    SELECT lower(Computer) AS name FROM windows_event WHERE Computer IS NOT NULL
    UNION
    SELECT lower(hostname) FROM artifact WHERE hostname IS NOT NULL
    UNION
    SELECT lower(collection_host) FROM artifact WHERE collection_host IS NOT NULL
),
qualified AS (
    SELECT split_part(name, '.', 1) AS label, min(name) AS host
    FROM said
    WHERE strpos(name, '.') > 0 AND NOT regexp_matches(name, '^[0-9.]+$')
    GROUP BY split_part(name, '.', 1)
    HAVING COUNT(*) = 1
)
SELECT s.name, COALESCE(q.host, s.name) AS host
FROM said AS s
LEFT JOIN qualified AS q ON q.label = s.name
