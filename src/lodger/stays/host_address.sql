-- Which host had which address, since when and until when, and on whose word (own, dhcp, kerberos, ntlm, dns): intervals on the network's
-- clock that do not overlap for one address. On a day the best word counts. An address is a host's until another is said to have it, or
-- until its words no longer hold, or for a week of silence between two of them; before its first word it is as far as that
-- reaches and nobody else had it.
-- `many` marks an address behind which several hosts are at the same time (NAT, a VPN's or a proxy's end, a network that exists
-- twice): within half an hour it changes hands twice, and that three times a day, or among three hosts or more. It is a host of its own
-- then, by the address, and nobody's: on that day, and for a week before and after unless a host's own word says otherwise.
WITH best AS (
    SELECT ip, day, min(rank) AS rank FROM claim_known GROUP BY ip, day
),
used AS (
    SELECT c.*
    FROM claim_known AS c
    JOIN best AS b ON b.ip = c.ip AND b.day = c.day AND b.rank = c.rank
),
turn AS (
    SELECT *, CASE WHEN lag(host) OVER (PARTITION BY ip ORDER BY since, until, host) = host THEN 0 ELSE 1 END AS changed FROM used
),
numbered AS (
    SELECT *, SUM(changed) OVER (PARTITION BY ip ORDER BY since, until, host ROWS UNBOUNDED PRECEDING) AS nth FROM turn
),
spell AS (
    SELECT ip, host, nth, min(since) AS since, max(until) AS until, max(rank) AS rank FROM numbered GROUP BY ip, host, nth
),
quick AS (
    SELECT ip, host, since, rank, lag(host) OVER (PARTITION BY ip ORDER BY nth) AS before,
        lag(until, 2) OVER (PARTITION BY ip ORDER BY nth) AS left_at, lag(host, 2) OVER (PARTITION BY ip ORDER BY nth) AS first_host
    FROM spell
),
crowded AS (
    SELECT ip, CAST(since AS DATE) AS day
    FROM quick
    WHERE left_at >= since - INTERVAL 30 MINUTE AND rank < 4
    GROUP BY ip, CAST(since AS DATE)
    HAVING COUNT(*) >= 3 OR SUM(CASE WHEN first_host <> host THEN 1 ELSE 0 END) > 0
),
near AS (
    SELECT u.ip, u.day, max(c.day) AS crowded_day,
        max(c.day) OVER (PARTITION BY u.ip ORDER BY u.day RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND INTERVAL 7 DAY FOLLOWING) AS crowded_near
    FROM best AS u
    LEFT JOIN crowded AS c ON c.ip = u.ip AND c.day = u.day
    GROUP BY u.ip, u.day, c.day
),
settled AS (
    SELECT u.ip, CASE WHEN n.crowded_day IS NOT NULL OR (n.crowded_near IS NOT NULL AND u.rank > 1) THEN u.ip ELSE u.host END AS host,
        n.crowded_day IS NOT NULL OR (n.crowded_near IS NOT NULL AND u.rank > 1) AS many,
        u.word, u.since, u.until, u.held, u.reached, u.words
    FROM used AS u
    JOIN near AS n ON n.ip = u.ip AND n.day = u.day
),
again AS (
    SELECT *, CASE
        WHEN lag(host) OVER (PARTITION BY ip ORDER BY since, until, host) = host
            AND since <= lag(until) OVER (PARTITION BY ip ORDER BY since, until, host) + INTERVAL 7 DAY THEN 0
        ELSE 1
    END AS changed
    FROM settled
),
counted AS (
    SELECT *, SUM(changed) OVER (PARTITION BY ip ORDER BY since, until, host ROWS UNBOUNDED PRECEDING) AS nth FROM again
),
run AS (
    SELECT ip, host, many, nth, min(since) AS since, max(held) AS held, min(reached) AS reached, list_sort(list(DISTINCT word)) AS words,
        CAST(SUM(words) AS BIGINT) AS told
    FROM counted
    GROUP BY ip, host, many, nth
),
beside AS (
    SELECT *, lead(since) OVER (PARTITION BY ip ORDER BY nth) AS next_since, lag(held) OVER (PARTITION BY ip ORDER BY nth) AS last_held FROM run
)
SELECT ip, host, many,
    CASE WHEN last_held IS NULL THEN reached ELSE greatest(reached, least(last_held, since)) END AS since,
    CASE WHEN next_since IS NULL THEN held ELSE least(held, next_since) END AS until,
    array_to_string(words, ', ') AS words, told AS records
FROM beside
