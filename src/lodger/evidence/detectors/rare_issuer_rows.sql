-- Issuers of the certificates that other ends showed, by place and day. Self-signed ones are another question's.
SELECT c.stay_id, c.host, c.program, c.destination, k.issuer, CAST(c.time AS DATE) AS day, min(c.time) AS first, max(c.time) AS last,
    array_slice(list_sort(list(DISTINCT c.ref)), 1, 20) AS refs, COUNT(DISTINCT c.ref) AS records
FROM stay_contact AS c JOIN contact_certificate AS k ON k.ref = c.ref
WHERE c.own AND k.issuer IS NOT NULL AND k.issuer IS DISTINCT FROM k.subject
GROUP BY c.stay_id, c.host, c.program, c.destination, k.issuer, CAST(c.time AS DATE)
