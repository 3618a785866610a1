-- The certificate that the other end of a connection showed, by the reference of its contact; before TLS 1.3 alone, and not where a
-- session was resumed. `certificate` is the same for one certificate at every showing: issuer and serial number (RFC 5280, 4.1.2.2) where
-- known, because Zeek before 4.2 names it by a file of its own each time. Names from the certificate's own record, or from the handshake's where there is none.
WITH shown AS (
    SELECT f.ref, min(t.time) AS time, min(t.tls_certificate_chain[1]) AS fingerprint, min(t.tls_certificate_subject) AS subject,
        min(t.tls_certificate_issuer) AS issuer
    FROM tls_activity AS t
    JOIN flow_member AS m ON m.uid = t.connection_uid
    JOIN flow AS f ON f.uid = m.flow_uid
    WHERE t.tls_certificate_chain[1] IS NOT NULL OR t.tls_certificate_issuer IS NOT NULL
    GROUP BY f.ref
),
known AS (
    SELECT certificate_fingerprint AS fingerprint, min(certificate_subject) AS subject, min(certificate_issuer) AS issuer,
        min(certificate_serial_number) AS serial, min(certificate_created_time) AS valid_from, max(certificate_expiration_time) AS valid_until
    FROM certificate
    GROUP BY certificate_fingerprint
)
SELECT s.ref, s.time, s.fingerprint, COALESCE(k.issuer || ' ' || k.serial, s.fingerprint) AS certificate, COALESCE(k.subject, s.subject) AS subject, COALESCE(k.issuer, s.issuer) AS issuer, k.valid_from, k.valid_until
FROM shown AS s
LEFT JOIN known AS k ON k.fingerprint = s.fingerprint
