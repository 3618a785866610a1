-- Calls of a stay in one list each, for the rhythm kernel: to one destination, at least four; and, because check-ins may be spread over
-- names, to all names of one address, and of one registrable domain, together where there are several. (A day on which a name had
-- several addresses tells nothing of one.)
WITH behind AS (
    SELECT host, stay_id, destination, day, times, unnest(addresses) AS address
    FROM contact_day
    WHERE named
),
alone AS (
    SELECT *, COUNT(*) OVER (PARTITION BY host, stay_id, destination, day) AS addresses FROM behind
)
SELECT host, stay_id, destination, list_sort(list(DISTINCT destination)) AS destinations, COUNT(*) AS days,
    flatten(list_sort(list(times))) AS times
FROM contact_day
GROUP BY host, stay_id, destination
HAVING sum(contacts) >= 4
UNION ALL
SELECT host, stay_id, address || ' by ' || CAST(COUNT(DISTINCT destination) AS VARCHAR) || ' names', list_sort(list(DISTINCT destination)),
    COUNT(DISTINCT day), list_sort(flatten(list(times)))
FROM alone
WHERE addresses = 1
GROUP BY host, stay_id, address
HAVING COUNT(DISTINCT destination) > 1 AND COUNT(*) >= 2
UNION ALL
SELECT c.host, c.stay_id, d.domain || ' by ' || CAST(COUNT(DISTINCT c.destination) AS VARCHAR) || ' names', list_sort(list(DISTINCT c.destination)),
    COUNT(DISTINCT c.day), list_sort(flatten(list(c.times)))
FROM contact_day AS c
JOIN destination_domain AS d ON d.destination = c.destination
GROUP BY c.host, c.stay_id, d.domain
HAVING COUNT(DISTINCT c.destination) > 1
