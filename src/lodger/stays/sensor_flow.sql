-- Connections as each network sensor saw them, one row per connection id; where a sensor logged only its HTTP or TLS, from that.
WITH http AS (
    SELECT connection_uid AS uid, min(sensor) AS sensor, min(connection_link_uid) AS link, min(time) AS time, max(time) AS until,
        min(connection_protocol_name) AS proto, max(src_endpoint_ip) AS src_ip, max(src_endpoint_port) AS src_port,
        max(dst_endpoint_ip) AS dst_ip, max(dst_endpoint_port) AS dst_port, COUNT(*) AS requests, min(ref) AS ref
    FROM http_activity WHERE connection_uid IS NOT NULL GROUP BY connection_uid
),
tls AS (
    SELECT connection_uid AS uid, min(sensor) AS sensor, min(connection_link_uid) AS link, min(time) AS time, max(time) AS until,
        min(connection_protocol_name) AS proto, max(src_endpoint_ip) AS src_ip, max(src_endpoint_port) AS src_port,
        max(dst_endpoint_ip) AS dst_ip, max(dst_endpoint_port) AS dst_port, min(tls_sni) AS sni, min(tls_ja3) AS ja3, min(tls_ja4) AS ja4,
        min(ref) AS ref
    FROM tls_activity WHERE connection_uid IS NOT NULL GROUP BY connection_uid
),
conn AS (
    SELECT connection_uid AS uid, min(sensor) AS sensor, min(connection_link_uid) AS link, min(time) AS time,
        max(time + CAST(ceil(greatest(least(COALESCE(duration_seconds, 0), 1e9), 0)) AS BIGINT) * INTERVAL 1 SECOND) AS until,
        min(connection_protocol_name) AS proto, min(app_name) AS app_name,
        max(src_endpoint_ip) AS src_ip, max(src_endpoint_port) AS src_port, max(dst_endpoint_ip) AS dst_ip,
        max(dst_endpoint_port) AS dst_port, max(traffic_bytes_out) AS bytes_out, max(traffic_bytes_in) AS bytes_in,
        max(duration_seconds) AS duration, min(connection_state) AS state, min(ref) AS ref
    FROM network_activity
    WHERE connection_uid IS NOT NULL
    GROUP BY connection_uid
)
SELECT
    COALESCE(c.sensor, h.sensor, t.sensor) AS sensor, COALESCE(c.uid, h.uid, t.uid) AS uid, COALESCE(c.link, h.link, t.link) AS link,
    COALESCE(c.time, h.time, t.time) AS time, COALESCE(c.until, h.until, t.until) AS until, COALESCE(c.proto, h.proto, t.proto) AS proto,
    COALESCE(c.app_name, CASE WHEN t.uid IS NOT NULL THEN 'ssl' WHEN h.uid IS NOT NULL THEN 'http' END) AS app_name,
    COALESCE(c.src_ip, h.src_ip, t.src_ip) AS src_ip, COALESCE(c.src_port, h.src_port, t.src_port) AS src_port,
    COALESCE(c.dst_ip, h.dst_ip, t.dst_ip) AS dst_ip, COALESCE(c.dst_port, h.dst_port, t.dst_port) AS dst_port,
    c.bytes_out, c.bytes_in, c.duration, c.state, t.sni, t.ja3, t.ja4, COALESCE(h.requests, 0) AS requests,
    COALESCE(c.ref, h.ref, t.ref) AS ref
FROM conn AS c
FULL JOIN http AS h ON h.uid = c.uid
FULL JOIN tls AS t ON t.uid = COALESCE(c.uid, h.uid)
