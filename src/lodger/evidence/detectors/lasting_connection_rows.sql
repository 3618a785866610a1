-- Connections of a day and more to an address outside, by place and the day on which they began; `duration` is the longest's.
SELECT c.stay_id, c.destination, CAST(c.time AS DATE) AS day, min(c.time) AS first,
    max(c.time + CAST(round(c.duration) AS BIGINT) * INTERVAL 1 SECOND) AS last,
    array_slice(list_sort(list(DISTINCT c.ref)), 1, 20) AS refs, COUNT(DISTINCT c.ref) AS records, max(c.duration) AS duration
FROM stay_contact AS c
LEFT JOIN inside_address AS i ON i.ip = c.dst_ip
WHERE c.own AND i.ip IS NULL AND c.duration >= 86400 AND c.duration < 1e9
GROUP BY c.stay_id, c.destination, CAST(c.time AS DATE)
