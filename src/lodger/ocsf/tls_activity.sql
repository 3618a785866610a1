-- TLS handshakes (OCSF carries them as the tls object of network activity). Zeek before 4.2 names certificates by the id of their file.
SELECT
    source || ':' || CAST(record AS VARCHAR) AS ref, time, 'zeek' AS sensor, uid AS connection_uid,
    CASE WHEN version LIKE 'DTLS%' THEN 'udp' ELSE 'tcp' END AS connection_protocol_name,
    CAST(NULL AS VARCHAR) AS connection_community_given,
    id_orig_h AS src_endpoint_ip, id_orig_p AS src_endpoint_port, id_resp_h AS dst_endpoint_ip, id_resp_p AS dst_endpoint_port,
    lower(nullif(server_name, '')) AS tls_sni, version AS tls_version, ja3 AS tls_ja3, ja4 AS tls_ja4, subject AS tls_certificate_subject,
    issuer AS tls_certificate_issuer, validation_status AS tls_validation_status, COALESCE(cert_chain_fps, cert_chain_fuids) AS tls_certificate_chain
FROM zeek_ssl
WHERE id_orig_h IS NOT NULL AND id_resp_h IS NOT NULL
UNION ALL
SELECT
    s.source || ':' || CAST(s.record AS VARCHAR), s.time, 'suricata', 'suricata:' || CAST(s.flow_id AS VARCHAR) || COALESCE('/' || CAST(g.nth AS VARCHAR), ''),
    lower(s.proto), s.community_id, s.src_ip, s.src_port, s.dest_ip, s.dest_port,
    lower(nullif(s.tls_sni, '')), s.tls_version, s.tls_ja3_hash, s.tls_ja4, s.tls_subject, s.tls_issuerdn, NULL,
    CASE WHEN s.tls_fingerprint IS NOT NULL THEN list_value(replace(s.tls_fingerprint, ':', '')) END
FROM suricata_tls AS s
LEFT JOIN _suricata_reused AS g ON g.flow_id = s.flow_id AND g.ends = concat_ws(' ', s.src_ip, s.src_port, s.dest_ip, s.dest_port)
    AND s.time >= g.since AND s.time < g.until
WHERE s.src_ip IS NOT NULL AND s.dest_ip IS NOT NULL
UNION ALL
SELECT
    ref, time, 'nfstream', uid, proto, NULL, src_ip, src_port, dst_ip, dst_port, name, NULL, NULL, client_fingerprint, NULL, NULL, NULL, NULL
FROM _nfstream_flow
WHERE app IN ('ssl', 'quic')
