-- Slow exfiltration: on seven days or more, and four of five of all days of contact, at least 10 kB and more than was fetched, with a
-- coefficient of variation of the daily sums below 0.25; to rare places. What an agent tells its
-- maker daily goes to a place where many hosts go.
WITH asked AS (
    SELECT c.stay_id, c.destination, min(c.first) AS first, max(c.last) AS last, array_slice(list_sort(list_distinct(flatten(list(c.refs)))), 1, 20) AS refs
    FROM contact_pair AS c
    JOIN place_spread AS p ON p.destination = c.destination
    WHERE c.own AND c.told AND NOT c.called AND p.rare
    GROUP BY c.stay_id, c.destination
    HAVING sum(c.days) >= 7 AND sum(c.bytes_out) >= 70000
),
daily AS (
    SELECT c.stay_id, c.destination, c.day, sum(c.bytes_out) AS sent, COALESCE(sum(c.bytes_in), 0) AS fetched, sum(c.contacts) AS contacts
    FROM contact_day AS c
    JOIN asked AS a ON a.stay_id = c.stay_id AND a.destination = c.destination
    WHERE c.own AND c.bytes_out IS NOT NULL
    GROUP BY c.stay_id, c.destination, c.day
),
kept AS (
    SELECT *, CASE WHEN sent >= 10000 AND sent > fetched THEN sent END AS share FROM daily
),
steady AS (
    SELECT stay_id, destination, CAST(sum(contacts) AS BIGINT) AS records, COUNT(share) AS days, CAST(min(share) AS BIGINT) AS least, CAST(max(share) AS BIGINT) AS most,
        CAST(sum(sent) AS BIGINT) AS sent, CAST(sum(fetched) AS BIGINT) AS fetched
    FROM kept
    GROUP BY stay_id, destination
    HAVING COUNT(share) >= 7 AND COUNT(share) >= 0.8 * COUNT(*) AND stddev_samp(share) < 0.25 * avg(share)
)
SELECT t.stay_id, a.first, a.last, a.refs, t.records, t.destination AS place, t.days, t.least, t.most, t.sent, t.fetched, p.hosts, p.fleet_hosts
FROM steady AS t
JOIN asked AS a ON a.stay_id = t.stay_id AND a.destination = t.destination
JOIN place_spread AS p ON p.destination = t.destination
QUALIFY row_number() OVER (PARTITION BY t.stay_id ORDER BY t.sent DESC, t.destination) = 1
