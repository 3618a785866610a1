-- OCSF 4002 HTTP Activity, as network sensors see requests in the clear.
SELECT
    source || ':' || CAST(record AS VARCHAR) AS ref, time, 'zeek' AS sensor, method AS http_request_method,
    uid AS connection_uid, id_orig_h AS src_endpoint_ip, id_orig_p AS src_endpoint_port,
    id_resp_h AS dst_endpoint_ip, id_resp_p AS dst_endpoint_port,
    lower(nullif(host, '')) AS http_request_host, uri AS http_request_url_path, user_agent AS http_request_user_agent,
    referrer AS http_request_referrer, status_code AS http_response_code,
    request_body_len AS http_request_length, response_body_len AS http_response_length,
    orig_mime_types AS http_request_mime_types, resp_mime_types AS http_response_mime_types,
    orig_filenames AS http_request_file_names, resp_filenames AS http_response_file_names
FROM zeek_http
WHERE id_orig_h IS NOT NULL AND id_resp_h IS NOT NULL
