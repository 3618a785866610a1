-- X.509 certificates that network sensors saw (OCSF's certificate object). Zeek before 4.2 has no fingerprint, but the id of the file.
SELECT
    source || ':' || CAST(record AS VARCHAR) AS ref, time, 'zeek' AS sensor, COALESCE(fingerprint, id) AS certificate_fingerprint,
    certificate_serial AS certificate_serial_number, certificate_subject, certificate_issuer,
    certificate_not_valid_before AS certificate_created_time, certificate_not_valid_after AS certificate_expiration_time,
    certificate_subject = certificate_issuer AS certificate_is_self_signed
FROM zeek_x509
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, 'suricata', replace(tls_fingerprint, ':', ''), replace(tls_serial, ':', ''),
    tls_subject, tls_issuerdn, tls_notbefore, tls_notafter, tls_subject = tls_issuerdn
FROM suricata_tls
WHERE tls_fingerprint IS NOT NULL
