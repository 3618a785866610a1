-- Bytes up and down over the whole stay, per day of contact, against the same program on at least three other hosts; three days or more on
-- each, so that a day is no life. Not what machines of the house share with each other. Of an act only the program's own part counts: a parent has no peers in what its child does.
WITH total AS (
    SELECT s.program, c.stay_id, sum(c.bytes_out) AS sent
    FROM contact_pair AS c
    JOIN stay AS s ON s.stay_id = c.stay_id
    ANTI JOIN file_share AS h ON h.destination = c.destination
    WHERE c.own AND c.told AND NOT c.called
    GROUP BY s.program, c.stay_id
),
asked AS (
    -- the days of others need not be counted: 100 kB a day on three days
    SELECT t.stay_id
    FROM total AS t
    JOIN (SELECT program FROM total GROUP BY program HAVING COUNT(*) > 3 AND max(sent) >= 300000) AS p ON p.program = t.program
),
told_day AS (
    SELECT c.stay_id, COUNT(DISTINCT c.day) AS days
    FROM contact_day AS c
    JOIN asked AS a ON a.stay_id = c.stay_id
    ANTI JOIN file_share AS h ON h.destination = c.destination
    WHERE c.own AND c.bytes_out IS NOT NULL
    GROUP BY c.stay_id
    HAVING COUNT(DISTINCT c.day) >= 3
),
volume AS (
    SELECT s.program, c.stay_id, min(c.first) AS first, max(c.last) AS last,
        CAST(sum(c.contacts) AS BIGINT) AS records, sum(c.bytes_out) / max(d.days) AS sent,
        100.0 * sum(c.bytes_out) / greatest(sum(c.bytes_out) + COALESCE(sum(c.bytes_in), 0), 1) AS share
    FROM contact_pair AS c
    JOIN stay AS s ON s.stay_id = c.stay_id
    JOIN told_day AS d ON d.stay_id = c.stay_id
    ANTI JOIN file_share AS h ON h.destination = c.destination
    WHERE c.own AND c.told AND NOT c.called
    GROUP BY s.program, c.stay_id
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
),
chosen AS (
    SELECT p.*, m.peer_share
    FROM placed AS p
    JOIN most AS m ON m.program = p.program
    WHERE p.place = 1 AND p.peers >= 3 AND p.sent >= 100000 AND p.sent >= 10 * p.peer_sent AND p.share > m.peer_share
),
record AS (
    SELECT c.stay_id, array_slice(list_sort(list_distinct(flatten(list(c.refs)))), 1, 20) AS refs
    FROM contact_pair AS c
    JOIN chosen AS o ON o.stay_id = c.stay_id
    ANTI JOIN file_share AS h ON h.destination = c.destination
    WHERE c.own AND c.told AND NOT c.called
    GROUP BY c.stay_id
)
SELECT o.stay_id, o.first, o.last, r.refs, o.records, CAST(o.sent AS BIGINT) AS sent, CAST(o.share AS BIGINT) AS share, o.peers,
    CAST(o.peer_sent AS BIGINT) AS peer_sent, CAST(o.peer_share AS BIGINT) AS peer_share
FROM chosen AS o
JOIN record AS r ON r.stay_id = o.stay_id
