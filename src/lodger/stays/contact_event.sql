-- Every act of contact, by the host that has it: one row per HTTP request where a sensor saw requests, else per connection, and per time at
-- which a long connection was seen to stir. Name lookups
-- and multicast are not contacts (but what a sensor knows as another service is one on any port). `client` names the program where only
-- the network saw it: user agent, TLS fingerprint, or service; of one that listens, the port.
-- Times are on the host's clock. A destination without a name is an address with its port: two services on one machine are two places.
-- `direction`: Outbound is told of the host that began it, Inbound of the one that was called; the destination is then who called ("from
-- 192.0.2.1", or a host of the fleet), and bytes out are those that the called program sent. Addresses stay as they were on the
-- wire. An address outside that calls one inside is no host of the fleet; where neither is known to be inside, who began it is one. Calls
-- from inside are told of the called program where its host's own sensor names it, calls from outside also where only the network saw
-- them and something came back.
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
        h.ref IS NOT NULL AS is_http, s.ip IS NOT NULL AS src_inside, d.ip IS NOT NULL AS dst_inside, COALESCE(f.bytes_in, 1) > 0
            AND COALESCE(f.state, '') NOT IN ('S0', 'REJ', 'RSTOS0', 'SH', 'RSTRH', 'SHR', 'new') AS answered,
        COALESCE(h.ref, f.ref) AS ref
    FROM flow AS f
    LEFT JOIN inside_address AS s ON s.ip = f.src_ip
    LEFT JOIN inside_address AS d ON d.ip = f.dst_ip
    LEFT JOIN request AS h ON h.flow_uid = f.uid AND h.sensor = f.request_sensor
    WHERE COALESCE(f.app_name, CASE
        WHEN f.dst_port IN (53, 67, 68, 137, 138, 5353, 5355, 1900) THEN 'lookup'
        -- what is sent back from such a port is the answer to a neighbour's question
        WHEN f.proto = 'udp' AND f.src_port IN (1900, 5353, 5355) AND d.ip IS NOT NULL THEN 'lookup'
        ELSE 'unknown'
    END) NOT IN ('dns', 'dhcp', 'ntp', 'lookup')
    UNION ALL
    -- the inner rhythm of a connection that lasts; its bytes are counted once, with its beginning
    SELECT
        f.uid, v.time, f.src_ip, f.dst_ip, f.dst_port, f.proto, f.app_name, NULL, NULL, NULL, f.sni, NULL, NULL, f.fingerprint, NULL, NULL, NULL, NULL, NULL,
        FALSE, s.ip IS NOT NULL, d.ip IS NOT NULL, TRUE, v.ref
    FROM flow_activity AS v
    JOIN flow AS f ON f.uid = v.flow_uid AND NOT f.has_http
    LEFT JOIN inside_address AS s ON s.ip = f.src_ip
    LEFT JOIN inside_address AS d ON d.ip = f.dst_ip
    WHERE COALESCE(f.app_name, CASE WHEN f.dst_port IN (53, 67, 68, 137, 138, 5353, 5355, 1900) THEN 'lookup' ELSE 'unknown' END)
        NOT IN ('dns', 'dhcp', 'ntp', 'lookup')
),
owned AS (
    SELECT w.*, 'Outbound' AS direction, o.uid, o.path, o.host_ref, o.host_time + (w.time - o.flow_time) AS own_time,
        COALESCE(o.host, a.host, w.src_ip) AS host
    FROM wire AS w
    LEFT JOIN flow_owner AS o ON o.flow_uid = w.flow_uid AND o.direction = 'Outbound'
    LEFT JOIN address_day AS a ON a.ip = w.src_ip AND a.day = CAST(w.time AS DATE) AND w.time >= a.since AND w.time < a.until
    WHERE o.host IS NOT NULL OR w.src_inside OR NOT w.dst_inside
    UNION ALL
    SELECT w.*, 'Inbound', o.uid, o.path, o.host_ref, o.host_time + (w.time - o.flow_time), COALESCE(o.host, a.host, w.dst_ip)
    FROM wire AS w
    LEFT JOIN flow_owner AS o ON o.flow_uid = w.flow_uid AND o.direction = 'Inbound'
    LEFT JOIN address_day AS a ON a.ip = w.dst_ip AND a.day = CAST(w.time AS DATE) AND w.time >= a.since AND w.time < a.until
    WHERE o.host IS NOT NULL OR (w.dst_inside AND NOT w.src_inside AND w.answered)
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
        host, direction, uid, path, host_time AS time, src_ip, dst_ip, dst_port, proto, app_name, bytes_out, bytes_in, duration, sni, http_host, user_agent,
        fingerprint, method, url_path, request_mime_types, response_mime_types, status_code, is_http, ref, host_ref
    FROM placed
    UNION ALL
    SELECT
        h.host, h.direction, h.uid, h.path, h.time, h.src_ip, h.dst_ip, h.dst_port, h.proto, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, NULL, NULL, FALSE, h.ref, NULL
    FROM host_connection AS h
    WHERE NOT EXISTS (SELECT 1 FROM flow_owner AS o WHERE o.host_ref = h.ref)
        AND h.dst_port NOT IN (53, 67, 68, 137, 138, 5353, 5355, 1900)
)
SELECT
    b.host, b.direction, b.uid, b.path, b.time, b.src_ip, b.dst_ip, b.dst_port, b.proto, b.app_name,
    CASE WHEN b.direction = 'Inbound' THEN b.bytes_in ELSE b.bytes_out END AS bytes_out,
    CASE WHEN b.direction = 'Inbound' THEN b.bytes_out ELSE b.bytes_in END AS bytes_in,
    b.duration, b.sni, b.http_host, b.user_agent, b.fingerprint, b.method, b.url_path, b.request_mime_types, b.response_mime_types,
    b.status_code, b.is_http, b.ref, b.host_ref,
    CASE WHEN b.direction = 'Outbound' THEN COALESCE(b.sni, b.http_host, n.name, m.name) END AS name,
    CASE
        WHEN b.direction = 'Inbound' THEN 'from ' || COALESCE(c.host, b.src_ip)
        ELSE COALESCE(b.sni, b.http_host, n.name, m.name, b.dst_ip || ':' || CAST(b.dst_port AS VARCHAR))
    END AS destination,
    CASE WHEN b.direction = 'Inbound' THEN 'called on ' || b.proto || '/' || CAST(b.dst_port AS VARCHAR) ELSE COALESCE(
        'agent ' || b.user_agent, 'tls ' || b.fingerprint,
        b.proto || '/' || COALESCE(b.app_name, CAST(b.dst_port AS VARCHAR))
    ) END AS client
FROM both_sides AS b
LEFT JOIN resolution AS n ON b.direction = 'Outbound' AND n.asker = b.host AND n.ip = b.dst_ip AND n.day = CAST(b.time AS DATE)
LEFT JOIN resolution AS m ON b.direction = 'Outbound' AND m.asker = b.src_ip AND m.ip = b.dst_ip AND m.day = CAST(b.time AS DATE)
LEFT JOIN address_day AS c ON b.direction = 'Inbound' AND c.ip = b.src_ip AND c.day = CAST(b.time AS DATE) AND b.time >= c.since AND b.time < c.until
WHERE NOT (b.dst_ip LIKE '224.%' OR b.dst_ip LIKE '239.%' OR b.dst_ip LIKE '255.%' OR lower(b.dst_ip) LIKE 'ff0%:%'
    OR regexp_matches(b.dst_ip, '^(10|192[.]168|172[.](1[6-9]|2[0-9]|3[01])|169[.]254)[.].*[.]255$')
    OR b.dst_ip LIKE '127.%' OR b.dst_ip = '::1' OR b.dst_ip = '0:0:0:0:0:0:0:1')
