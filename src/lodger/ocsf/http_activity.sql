-- OCSF 4002 HTTP Activity, as network sensors see requests in the clear.
SELECT
    source || ':' || CAST(record AS VARCHAR) AS ref, time, 'zeek' AS sensor, method AS http_request_method,
    uid AS connection_uid, 'tcp' AS connection_protocol_name, CAST(NULL AS VARCHAR) AS connection_community_given,
    id_orig_h AS src_endpoint_ip, id_orig_p AS src_endpoint_port,
    id_resp_h AS dst_endpoint_ip, id_resp_p AS dst_endpoint_port,
    lower(nullif(host, '')) AS http_request_host, uri AS http_request_url_path, user_agent AS http_request_user_agent,
    referrer AS http_request_referrer, status_code AS http_response_code,
    request_body_len AS http_request_length, response_body_len AS http_response_length,
    orig_mime_types AS http_request_mime_types, resp_mime_types AS http_response_mime_types,
    orig_filenames AS http_request_file_names, resp_filenames AS http_response_file_names
FROM zeek_http
WHERE id_orig_h IS NOT NULL AND id_resp_h IS NOT NULL
UNION ALL
-- The type that Suricata reports is what the server declared, not what the content is: it is left out.
SELECT
    s.source || ':' || CAST(s.record AS VARCHAR), s.time, 'suricata', s.http_http_method,
    'suricata:' || CAST(s.flow_id AS VARCHAR) || COALESCE('/' || CAST(g.nth AS VARCHAR), ''), lower(s.proto), s.community_id,
    s.src_ip, s.src_port, s.dest_ip, s.dest_port,
    lower(nullif(s.http_hostname, '')), s.http_url, s.http_http_user_agent, s.http_http_refer, s.http_status, NULL, s.http_length,
    NULL, NULL, NULL, NULL
FROM suricata_http AS s
LEFT JOIN _suricata_reused AS g ON g.flow_id = s.flow_id AND g.ends = concat_ws(' ', s.src_ip, s.src_port, s.dest_ip, s.dest_port)
    AND s.time >= g.since AND s.time < g.until
WHERE s.src_ip IS NOT NULL AND s.dest_ip IS NOT NULL
UNION ALL
-- A capture's flow tells of its first request, and stands for all of them: the bytes are those of the flow.
SELECT
    ref, time, 'nfstream', NULL, uid, proto, NULL, src_ip, src_port, dst_ip, dst_port, name, NULL, user_agent, NULL, NULL, src2dst_bytes, dst2src_bytes,
    NULL, NULL, NULL, NULL
FROM _nfstream_flow
WHERE app = 'http'
