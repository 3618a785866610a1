-- Slow exfiltration: on seven days or more, and four of five of all days of contact, at least 10 kB and more than was fetched, with a
-- coefficient of variation of the daily sums below 0.25; to rare places. What an agent tells its
-- maker daily goes to a place where many hosts go.
WITH daily AS (
    SELECT stay_id, destination, day, sum(bytes_out) AS sent, COALESCE(sum(bytes_in), 0) AS fetched, sum(contacts) AS contacts, min(times[1]) AS time,
        min(ref) AS ref
    FROM contact_day
    WHERE own AND bytes_out IS NOT NULL
    GROUP BY stay_id, destination, day
),
kept AS (
    SELECT *, CASE WHEN sent >= 10000 AND sent > fetched THEN sent END AS share FROM daily
),
steady AS (
    SELECT stay_id, destination, min(time) AS first, max(time) AS last, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs,
        CAST(sum(contacts) AS BIGINT) AS records, COUNT(share) AS days, CAST(min(share) AS BIGINT) AS least, CAST(max(share) AS BIGINT) AS most,
        CAST(sum(sent) AS BIGINT) AS sent, CAST(sum(fetched) AS BIGINT) AS fetched
    FROM kept
    GROUP BY stay_id, destination
    HAVING COUNT(share) >= 7 AND COUNT(share) >= 0.8 * COUNT(*) AND stddev_samp(share) < 0.25 * avg(share)
)
SELECT t.stay_id, t.first, t.last, t.refs, t.records, t.destination AS place, t.days, t.least, t.most, t.sent, t.fetched, p.hosts, p.fleet_hosts
FROM steady AS t
JOIN place_spread AS p ON p.destination = t.destination
WHERE p.rare
QUALIFY row_number() OVER (PARTITION BY t.stay_id ORDER BY t.sent DESC, t.destination) = 1
