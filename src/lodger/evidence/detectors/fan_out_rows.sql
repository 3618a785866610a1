-- Addresses inside that a program reached for on a day: how many, and how many of them never answered. Of a day on which they are many enough
-- to be told (twenty, or ten of which half never answered) also the ports and the records.
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
many AS (
    SELECT d.stay_id, d.day, min(r.time) AS first, max(r.time) AS last, array_slice(list_sort(list(DISTINCT r.ref)), 1, 20) AS refs,
        COUNT(DISTINCT r.ref) AS records, list_sort(list(DISTINCT r.dst_port)) AS ports
    FROM daily AS d
    JOIN reached AS r ON r.stay_id = d.stay_id AND r.day = d.day
    WHERE d.addresses >= 20 OR (d.addresses >= 10 AND d.silent >= d.addresses / 2)
    GROUP BY d.stay_id, d.day
)
SELECT d.host, d.stay_id, d.day, d.addresses, d.silent, m.first, m.last, m.refs, m.records, m.ports
FROM daily AS d
LEFT JOIN many AS m ON m.stay_id = d.stay_id AND m.day = d.day
