-- Sums over the whole stay, so that small daily uploads add up.
WITH pair AS (
    SELECT stay_id, destination, sum(bytes_out) AS sent, sum(bytes_in) AS fetched, min(times[1]) AS first, max(times[1]) AS last,
        array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, sum(contacts) AS contacts
    FROM contact_day
    GROUP BY stay_id, destination
),
ordered AS (
    SELECT *, row_number() OVER (PARTITION BY stay_id ORDER BY sent DESC, destination) AS number FROM pair
)
SELECT stay_id, min_by(first, number) AS first, min_by(last, number) AS last, min_by(refs, number) AS refs, CAST(min_by(contacts, number) AS BIGINT) AS records,
    min_by(destination, number) AS place, CAST(max(sent) AS BIGINT) AS sent, CAST(min_by(fetched, number) AS BIGINT) AS fetched
FROM ordered
WHERE sent >= 1000000 AND sent >= 2 * COALESCE(fetched, 0)
GROUP BY stay_id
