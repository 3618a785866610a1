-- Sums over the whole stay, so that small daily uploads add up. To places that at most one host in twenty goes to: backups, file servers and
-- the clouds of the house get more than they give from nearly every host. Not what machines of the house share with each other.
WITH rare AS (
    SELECT c.destination
    FROM contact_pair AS c
    CROSS JOIN (SELECT COUNT(*) AS hosts FROM host_span) AS f
    ANTI JOIN file_share AS h ON h.destination = c.destination
    WHERE NOT c.called
    GROUP BY c.destination
    HAVING COUNT(DISTINCT c.host) <= greatest(1, max(f.hosts) / 20)
),
pair AS (
    SELECT c.stay_id, c.destination, sum(c.bytes_out) AS sent, sum(c.bytes_in) AS fetched, min(c.first) AS first, max(c.last) AS last,
        array_slice(list_sort(list_distinct(flatten(list(c.refs)))), 1, 20) AS refs, sum(c.contacts) AS contacts
    FROM contact_pair AS c JOIN rare AS k ON k.destination = c.destination
    WHERE NOT c.called
    GROUP BY c.stay_id, c.destination
),
ordered AS (
    SELECT *, row_number() OVER (PARTITION BY stay_id ORDER BY sent DESC, destination) AS number FROM pair
)
SELECT stay_id, min_by(first, number) AS first, min_by(last, number) AS last, min_by(refs, number) AS refs, CAST(min_by(contacts, number) AS BIGINT) AS records,
    min_by(destination, number) AS place, CAST(max(sent) AS BIGINT) AS sent, CAST(min_by(fetched, number) AS BIGINT) AS fetched
FROM ordered
WHERE sent >= 1000000 AND sent >= 2 * COALESCE(fetched, 0)
GROUP BY stay_id
