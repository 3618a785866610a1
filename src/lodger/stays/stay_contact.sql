-- Every act of contact outwards with the stay it belongs to: the program that made it and those that answer for it; a program known by
-- path alone; or, where only the network saw it, a stay of the client itself. It is the `own` contact of the nearest of these: what a
-- system tool does is the doing of the program that started it.
WITH nearest AS (
    SELECT host, uid, min(distance) AS distance FROM acting GROUP BY host, uid
)
SELECT c.host, a.stay_id, a.program, a.distance = n.distance AS own, c.destination, c.ref, c.host_ref, c.time, c.dst_ip, c.dst_port, c.proto, c.app_name, c.name,
    c.bytes_out, c.bytes_in, c.duration, c.sni, c.http_host, c.user_agent, c.fingerprint, c.method, c.url_path, c.request_mime_types,
    c.response_mime_types, c.status_code, c.is_http
FROM contact_event AS c
JOIN acting AS a ON a.host = c.host AND a.uid = c.uid
JOIN nearest AS n ON n.host = c.host AND n.uid = c.uid
WHERE c.direction = 'Outbound'
UNION ALL
SELECT c.host, substr(sha256(c.host || '|' || COALESCE(n.program, 'network: ' || c.client)), 1, 12),
    COALESCE(n.program, 'network: ' || c.client), TRUE, c.destination, c.ref, c.host_ref, c.time, c.dst_ip, c.dst_port, c.proto, c.app_name, c.name,
    c.bytes_out, c.bytes_in, c.duration, c.sni, c.http_host, c.user_agent, c.fingerprint, c.method, c.url_path, c.request_mime_types,
    c.response_mime_types, c.status_code, c.is_http
FROM contact_event AS c
LEFT JOIN file_name AS n ON n.path = c.path
WHERE c.uid IS NULL AND c.direction = 'Outbound'
