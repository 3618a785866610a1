-- Issuers of the certificates of one place only, to which one program on at most one host in fifty goes. Silent where fewer than five hosts
-- or twenty places have shown any certificate: every issuer is rare then. Self-signed ones are another question's.
WITH shown AS (
    SELECT c.stay_id, c.host, c.program, c.destination, c.time, c.ref, k.issuer
    FROM stay_contact AS c JOIN contact_certificate AS k ON k.ref = c.ref
    WHERE c.own AND k.issuer IS NOT NULL AND k.issuer IS DISTINCT FROM k.subject
),
spread AS (
    SELECT issuer, COUNT(DISTINCT host) AS hosts, min(time) AS since
    FROM shown
    GROUP BY issuer
    HAVING COUNT(DISTINCT destination) = 1 AND COUNT(DISTINCT program) = 1
),
fleet AS (
    SELECT COUNT(DISTINCT host) AS hosts, COUNT(DISTINCT destination) AS places FROM shown
)
SELECT s.stay_id, min(s.time) AS first, max(s.time) AS last, array_slice(list_sort(list(DISTINCT s.ref)), 1, 20) AS refs,
    COUNT(DISTINCT s.ref) AS records, list_sort(list(DISTINCT s.destination)) AS places, list_sort(list(DISTINCT s.issuer)) AS issuers,
    max(p.hosts) AS hosts, max(f.hosts) AS fleet_hosts, CAST(CAST(min(p.since) AS DATE) AS VARCHAR) AS since
FROM shown AS s
JOIN spread AS p ON p.issuer = s.issuer
CROSS JOIN fleet AS f
WHERE f.hosts >= 5 AND f.places >= 20 AND p.hosts <= greatest(1, f.hosts / 50)
GROUP BY s.stay_id
