-- Every address that a network record names, once: a kernel turns the text into the bytes of which a Community ID is made.
SELECT src_endpoint_ip AS text FROM _network_activity WHERE src_endpoint_ip IS NOT NULL
UNION
SELECT dst_endpoint_ip AS text FROM _network_activity WHERE dst_endpoint_ip IS NOT NULL
UNION
SELECT src_endpoint_ip AS text FROM _http_activity WHERE src_endpoint_ip IS NOT NULL
UNION
SELECT dst_endpoint_ip AS text FROM _http_activity WHERE dst_endpoint_ip IS NOT NULL
UNION
SELECT src_endpoint_ip AS text FROM _tls_activity WHERE src_endpoint_ip IS NOT NULL
UNION
SELECT dst_endpoint_ip AS text FROM _tls_activity WHERE dst_endpoint_ip IS NOT NULL
