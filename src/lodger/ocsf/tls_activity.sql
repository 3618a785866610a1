-- TLS handshakes (OCSF carries them as the tls object of network activity).
SELECT
    source || ':' || CAST(record AS VARCHAR) AS ref, time, 'zeek' AS sensor, uid AS connection_uid,
    id_orig_h AS src_endpoint_ip, id_orig_p AS src_endpoint_port, id_resp_h AS dst_endpoint_ip, id_resp_p AS dst_endpoint_port,
    lower(nullif(server_name, '')) AS tls_sni, version AS tls_version, ja3 AS tls_ja3, ja4 AS tls_ja4, subject AS tls_certificate_subject,
    issuer AS tls_certificate_issuer, validation_status AS tls_validation_status, cert_chain_fps AS tls_certificate_chain
FROM zeek_ssl
WHERE id_orig_h IS NOT NULL AND id_resp_h IS NOT NULL
