-- Bytes up and down over the whole stay, per day of contact, against the same program on at least three other hosts; three days or more on
-- each, so that a day is no life. Of an act only the program's own part counts: a parent has no peers in what its child does.
WITH volume AS (
    SELECT s.program, c.stay_id, min(c.times[1]) AS first, max(c.times[1]) AS last, array_slice(list_sort(list(DISTINCT c.ref)), 1, 20) AS refs,
        CAST(sum(c.contacts) AS BIGINT) AS records, sum(c.bytes_out) / COUNT(DISTINCT c.day) AS sent,
        100.0 * sum(c.bytes_out) / greatest(sum(c.bytes_out) + COALESCE(sum(c.bytes_in), 0), 1) AS share
    FROM contact_day AS c JOIN stay AS s ON s.stay_id = c.stay_id
    WHERE c.own AND c.bytes_out IS NOT NULL
    GROUP BY s.program, c.stay_id
    HAVING COUNT(DISTINCT c.day) >= 3
),
placed AS (
    SELECT *, COUNT(*) OVER (PARTITION BY program) - 1 AS peers,
        lead(sent) OVER (PARTITION BY program ORDER BY sent DESC, stay_id) AS peer_sent,
        row_number() OVER (PARTITION BY program ORDER BY sent DESC, stay_id) AS place
    FROM volume
),
most AS (
    SELECT program, max(share) AS peer_share
    FROM placed
    WHERE place > 1
    GROUP BY program
)
SELECT p.stay_id, p.first, p.last, p.refs, p.records, CAST(p.sent AS BIGINT) AS sent, CAST(p.share AS BIGINT) AS share, p.peers,
    CAST(p.peer_sent AS BIGINT) AS peer_sent, CAST(m.peer_share AS BIGINT) AS peer_share
FROM placed AS p
JOIN most AS m ON m.program = p.program
WHERE p.place = 1 AND p.peers >= 3 AND p.sent >= 100000 AND p.sent >= 10 * p.peer_sent AND p.share > m.peer_share
