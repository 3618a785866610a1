-- Twenty addresses inside on one day, or ten of which half never answered; four times as many as on any earlier day, after three days on which
-- the host's connections were told. An inventory does it every day: where half as many come on a third of the program's days there or
-- more, it is a habit.
WITH state AS (
    SELECT ref, min(connection_state) AS state FROM network_activity WHERE connection_state IS NOT NULL GROUP BY ref
),
reached AS (
    SELECT c.host, c.stay_id, CAST(c.time AS DATE) AS day, c.dst_ip, c.dst_port, c.time, c.ref,
        CASE WHEN t.state IN ('S0', 'REJ', 'RSTOS0', 'SH', 'RSTRH', 'SHR', 'OTH', 'new') THEN 0 WHEN t.state IS NOT NULL THEN 1 END AS answered
    FROM stay_contact AS c
    JOIN inside_address AS i ON i.ip = c.dst_ip
    LEFT JOIN state AS t ON t.ref = c.ref
),
address AS (
    SELECT host, stay_id, day, dst_ip, max(answered) AS answered FROM reached GROUP BY host, stay_id, day, dst_ip
),
daily AS (
    SELECT host, stay_id, day, COUNT(*) AS addresses, COUNT(CASE WHEN answered = 0 THEN 1 END) AS silent FROM address GROUP BY host, stay_id, day
),
past AS (
    SELECT d.*, COALESCE(max(d.addresses) OVER (PARTITION BY d.stay_id ORDER BY d.day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
    FROM daily AS d
),
burst AS (
    SELECT p.host, p.stay_id, p.day, p.addresses, p.silent, p.before
    FROM past AS p
    WHERE (p.addresses >= 20 OR (p.addresses >= 10 AND p.silent >= p.addresses / 2)) AND p.addresses >= 4 * p.before
    QUALIFY row_number() OVER (PARTITION BY p.stay_id ORDER BY p.addresses DESC, p.day) = 1
),
habit AS (
    SELECT b.stay_id, COUNT(*) AS days, COUNT(CASE WHEN d.addresses >= b.addresses / 2 THEN 1 END) AS such_days
    FROM burst AS b JOIN daily AS d ON d.stay_id = b.stay_id
    GROUP BY b.stay_id
),
watched AS (
    SELECT b.stay_id, COUNT(DISTINCT w.day) AS days_before
    FROM burst AS b JOIN connection_day AS w ON w.host = b.host AND w.day < b.day
    GROUP BY b.stay_id
)
SELECT b.stay_id, min(r.time) AS first, max(r.time) AS last, array_slice(list_sort(list(DISTINCT r.ref)), 1, 20) AS refs,
    COUNT(DISTINCT r.ref) AS records, max(b.addresses) AS addresses, max(b.silent) AS silent, max(b.before) AS before,
    CAST(max(b.day) AS VARCHAR) AS day, list_sort(list(DISTINCT r.dst_port)) AS ports, max(w.days_before) AS days_before
FROM burst AS b
JOIN reached AS r ON r.stay_id = b.stay_id AND r.day = b.day
JOIN habit AS h ON h.stay_id = b.stay_id
JOIN watched AS w ON w.stay_id = b.stay_id
WHERE w.days_before >= 3 AND (h.such_days = 1 OR h.such_days < h.days / 3)
GROUP BY b.stay_id
