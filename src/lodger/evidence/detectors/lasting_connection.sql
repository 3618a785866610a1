-- Connections of a day and more to an address outside, to places of one program on at most one host in fifty: push services, tunnels of the
-- house and remote desktops inside last as long.
WITH spread AS (
    SELECT destination, COUNT(DISTINCT host) AS hosts, COUNT(DISTINCT program) AS programs FROM stay_contact WHERE own GROUP BY destination
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
lasting AS (
    SELECT c.stay_id, c.destination, min(c.time) AS first, max(c.time + CAST(round(c.duration) AS BIGINT) * INTERVAL 1 SECOND) AS last,
        array_slice(list_sort(list(DISTINCT c.ref)), 1, 20) AS refs, COUNT(DISTINCT c.ref) AS records, max(c.duration) AS duration
    FROM stay_contact AS c
    LEFT JOIN inside_address AS i ON i.ip = c.dst_ip
    WHERE c.own AND i.ip IS NULL AND c.duration >= 86400 AND c.duration < 1e9
    GROUP BY c.stay_id, c.destination
)
SELECT l.stay_id, l.first, l.last, l.refs, l.records, l.destination AS place, CAST(l.duration / 3600 AS BIGINT) AS hours, l.records AS times, p.hosts,
    f.hosts AS fleet_hosts
FROM lasting AS l
JOIN spread AS p ON p.destination = l.destination
CROSS JOIN fleet AS f
WHERE p.programs <= 1 AND p.hosts <= greatest(1, f.hosts / 50)
QUALIFY row_number() OVER (PARTITION BY l.stay_id ORDER BY l.duration DESC, l.destination) = 1
