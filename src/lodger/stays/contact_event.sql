-- Every act of contact, outwards: one row per HTTP request where a sensor saw requests, else per connection. Name lookups and
-- multicast are not contacts (but what a sensor knows as another service is one on any port). `client` names the program where only
-- the network saw it: user agent, TLS fingerprint, or service.
-- Times are on the host's clock. A destination without a name is an address with its port: two services on one machine are two places.
WITH request AS (
    SELECT
        m.flow_uid, m.sensor,
        -- no request comes before its connection: what Suricata logs when a flow times out bears the time of another packet
        greatest(h.time - m.ahead_seconds * INTERVAL 1 SECOND, m.time) AS time,
        h.http_request_length, h.http_response_length, h.http_request_host, h.http_request_user_agent, h.http_request_method,
        h.http_request_url_path, h.http_request_mime_types, h.http_response_mime_types, h.http_response_code, h.ref
    FROM flow_member AS m
    JOIN http_activity AS h ON h.connection_uid = m.uid
),
wire AS (
    SELECT
        f.uid AS flow_uid, COALESCE(h.time, f.time) AS time, f.src_ip, f.dst_ip, f.dst_port, f.proto, f.app_name, f.duration,
        CASE WHEN h.ref IS NULL THEN f.bytes_out ELSE h.http_request_length END AS bytes_out,
        CASE WHEN h.ref IS NULL THEN f.bytes_in ELSE h.http_response_length END AS bytes_in,
        f.sni, nullif(regexp_replace(h.http_request_host, ':[0-9]+$', ''), f.dst_ip) AS http_host, h.http_request_user_agent AS user_agent, f.fingerprint,
        h.http_request_method AS method, h.http_request_url_path AS url_path,
        h.http_request_mime_types AS request_mime_types, h.http_response_mime_types AS response_mime_types, h.http_response_code AS status_code,
        h.ref IS NOT NULL AS is_http, COALESCE(h.ref, f.ref) AS ref
    FROM flow AS f
    LEFT JOIN request AS h ON h.flow_uid = f.uid AND h.sensor = f.request_sensor
    WHERE COALESCE(f.app_name, CASE WHEN f.dst_port IN (53, 67, 68, 137, 138, 5353, 5355, 1900) THEN 'lookup' ELSE 'unknown' END)
        NOT IN ('dns', 'dhcp', 'ntp', 'lookup')
),
owned AS (
    SELECT w.*, o.uid, o.path, o.host_ref, o.host_time + (w.time - o.flow_time) AS own_time, COALESCE(o.host, a.host, w.src_ip) AS host
    FROM wire AS w
    LEFT JOIN flow_owner AS o ON o.flow_uid = w.flow_uid
    LEFT JOIN address_day AS a ON a.ip = w.src_ip AND a.day = CAST(w.time AS DATE) AND w.time >= a.since AND w.time < a.until
),
placed AS (
    SELECT
        w.*,
        COALESCE(
            w.own_time,
            w.time - CAST(round(
                COALESCE(d.ahead_seconds + d.drift * (date_diff('second', d.measured, w.time) - c.ahead_seconds), c.ahead_seconds, 0)
            ) AS BIGINT) * INTERVAL 1 SECOND
        ) AS host_time
    FROM owned AS w
    LEFT JOIN network_clock AS c ON c.host = w.host
    LEFT JOIN clock_day AS d ON d.host = w.host AND d.choice = 1
        AND d.day = CAST(w.time - CAST(round(COALESCE(c.ahead_seconds, 0)) AS BIGINT) * INTERVAL 1 SECOND AS DATE)
),
both_sides AS (
    SELECT
        host, uid, path, host_time AS time, src_ip, dst_ip, dst_port, proto, app_name, bytes_out, bytes_in, duration, sni, http_host, user_agent,
        fingerprint, method, url_path, request_mime_types, response_mime_types, status_code, is_http, ref, host_ref
    FROM placed
    UNION ALL
    SELECT
        h.host, h.uid, h.path, h.time, h.src_ip, h.dst_ip, h.dst_port, h.proto, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, FALSE, h.ref, NULL
    FROM host_connection AS h
    WHERE NOT EXISTS (SELECT 1 FROM flow_owner AS o WHERE o.host_ref = h.ref)
        AND h.dst_port NOT IN (53, 67, 68, 137, 138, 5353, 5355, 1900)
)
SELECT
    b.*,
    COALESCE(b.sni, b.http_host, n.name, m.name) AS name,
    COALESCE(b.sni, b.http_host, n.name, m.name, b.dst_ip || ':' || CAST(b.dst_port AS VARCHAR)) AS destination,
    COALESCE(
        'agent ' || b.user_agent, 'tls ' || b.fingerprint,
        b.proto || '/' || COALESCE(b.app_name, CAST(b.dst_port AS VARCHAR))
    ) AS client
FROM both_sides AS b
LEFT JOIN resolution AS n ON n.asker = b.host AND n.ip = b.dst_ip AND n.day = CAST(b.time AS DATE)
LEFT JOIN resolution AS m ON m.asker = b.src_ip AND m.ip = b.dst_ip AND m.day = CAST(b.time AS DATE)
WHERE NOT (b.dst_ip LIKE '224.%' OR b.dst_ip LIKE '239.%' OR b.dst_ip LIKE '255.%' OR lower(b.dst_ip) LIKE 'ff0%:%'
    OR regexp_matches(b.dst_ip, '^(10|192[.]168|172[.](1[6-9]|2[0-9]|3[01])|169[.]254)[.].*[.]255$')
    OR b.dst_ip LIKE '127.%' OR b.dst_ip = '::1' OR b.dst_ip = '0:0:0:0:0:0:0:1')
