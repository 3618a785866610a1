-- Three destinations of every stay, the most telling first: where the fewest hosts go, and most often.
WITH spread AS (
    SELECT destination, COUNT(DISTINCT host) AS hosts FROM contact_pair GROUP BY destination
),
met AS (
    SELECT c.stay_id, c.destination, sum(c.contacts) AS contacts, min(p.hosts) AS hosts
    FROM contact_pair AS c JOIN spread AS p ON p.destination = c.destination
    GROUP BY c.stay_id, c.destination
)
SELECT stay_id, list_sort(list(CAST(place AS VARCHAR) || destination)) AS contacts
FROM (
    SELECT stay_id, destination, row_number() OVER (PARTITION BY stay_id ORDER BY hosts, contacts DESC, destination) AS place
    FROM met
) AS placed
WHERE place <= 3
GROUP BY stay_id
