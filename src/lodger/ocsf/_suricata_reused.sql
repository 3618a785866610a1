-- Suricata's flow_id is made from a hash of the flow and its start (before version 3.1 from its place in memory), so that it comes again.
-- Here is every connection that shares its flow_id with another: the n-th of that id has these `ends` (in both directions) and the
-- records from `since` until `until`. A flow record is a connection; where none was logged, requests and handshakes that an hour parts
-- are two.
WITH seen AS (
    SELECT flow_id, 1 AS whole, start_time AS first, start_time AS last,
        concat_ws(' ', src_ip, src_port, dest_ip, dest_port) AS forth, concat_ws(' ', dest_ip, dest_port, src_ip, src_port) AS back
    FROM _suricata_flow
    UNION ALL
    SELECT flow_id, 0, time, time, concat_ws(' ', src_ip, src_port, dest_ip, dest_port), concat_ws(' ', dest_ip, dest_port, src_ip, src_port)
    FROM suricata_tls
    UNION ALL
    SELECT flow_id, 0, time, time, concat_ws(' ', src_ip, src_port, dest_ip, dest_port), concat_ws(' ', dest_ip, dest_port, src_ip, src_port)
    FROM suricata_http
),
many AS (
    SELECT flow_id
    FROM seen
    WHERE flow_id IS NOT NULL
    GROUP BY flow_id
    HAVING min(least(forth, back)) <> max(least(forth, back)) OR sum(whole) > 1
        OR (sum(whole) = 0 AND max(last) > min(first) + INTERVAL 1 HOUR)
),
told AS (
    SELECT s.flow_id, least(s.forth, s.back) AS forth, greatest(s.forth, s.back) AS back, s.first, s.whole
    FROM seen AS s
    JOIN many AS m ON m.flow_id = s.flow_id
    QUALIFY s.whole = max(s.whole) OVER (PARTITION BY s.flow_id, least(s.forth, s.back))
),
after_last AS (
    SELECT flow_id, forth, back, first, whole,
        lag(first) OVER (PARTITION BY flow_id, forth ORDER BY first) AS earlier
    FROM told
),
life AS (
    SELECT flow_id, forth, back, first, earlier,
        row_number() OVER (PARTITION BY flow_id ORDER BY first, forth) AS nth,
        lead(first) OVER (PARTITION BY flow_id, forth ORDER BY first) AS next
    FROM after_last
    WHERE earlier IS NULL OR (whole = 1 AND first > earlier) OR first > earlier + INTERVAL 1 HOUR
)
SELECT flow_id, forth AS ends, nth,
    CASE WHEN earlier IS NULL THEN CAST('0001-01-01' AS TIMESTAMP) ELSE first END AS since, COALESCE(next, CAST('9999-12-31' AS TIMESTAMP)) AS until
FROM life
UNION
SELECT flow_id, back, nth, CASE WHEN earlier IS NULL THEN CAST('0001-01-01' AS TIMESTAMP) ELSE first END, COALESCE(next, CAST('9999-12-31' AS TIMESTAMP))
FROM life
