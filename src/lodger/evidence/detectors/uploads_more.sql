-- Sums over the whole stay, so that small daily uploads add up.
WITH pair AS (
    SELECT stay_id, destination, sum(bytes_out) AS sent, sum(bytes_in) AS fetched, min(times[1]) AS first, max(times[1]) AS last,
        array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, sum(contacts) AS contacts
    FROM contact_day
    GROUP BY stay_id, destination
)
SELECT stay_id, min_by(first, -sent) AS first, min_by(last, -sent) AS last, min_by(refs, -sent) AS refs, CAST(min_by(contacts, -sent) AS BIGINT) AS records,
    min_by(destination, -sent) AS place, CAST(max(sent) AS BIGINT) AS sent, CAST(min_by(fetched, -sent) AS BIGINT) AS fetched
FROM pair
WHERE sent >= 1000000 AND sent >= 2 * COALESCE(fetched, 0)
GROUP BY stay_id
