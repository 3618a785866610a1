-- Places of one program on at most one host in fifty, whose certificate is self-signed, was less than three days old when the fleet first
-- went there, or holds for more than 1,900 days: no public authority has given more than 60 months since 2012 (CA/Browser Forum,
-- Baseline Requirements 1.0, 9.4.1). Authorities that sign for 90 days make young ones too, of the same place again and again: only the
-- first contact counts.
WITH spread AS (
    SELECT c.destination, COUNT(DISTINCT c.host) AS hosts, COUNT(DISTINCT c.program) AS programs, min(c.time) AS since
    FROM stay_contact AS c
    WHERE c.own
    GROUP BY c.destination
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
earliest AS (
    SELECT c.destination, min(k.time) AS time
    FROM stay_contact AS c JOIN contact_certificate AS k ON k.ref = c.ref
    GROUP BY c.destination
),
odd AS (
    SELECT c.stay_id, c.destination, c.ref, c.time, p.hosts, p.since,
        CASE
            WHEN k.subject = k.issuer THEN 'shown a self-signed certificate by '
            WHEN date_diff('second', k.valid_from, k.valid_until) > 1900 * 86400 THEN 'shown a certificate valid for longer than authorities give by '
            ELSE 'shown a certificate less than three days old by '
        END || c.destination || COALESCE(' (' || k.issuer || ')', '') AS what
    FROM stay_contact AS c
    JOIN contact_certificate AS k ON k.ref = c.ref
    JOIN spread AS p ON p.destination = c.destination
    JOIN earliest AS e ON e.destination = c.destination
    CROSS JOIN fleet AS f
    WHERE p.programs <= 1 AND p.hosts <= greatest(1, f.hosts / 50)
        AND (k.subject = k.issuer OR date_diff('second', k.valid_from, k.valid_until) > 1900 * 86400
            OR (k.time = e.time AND date_diff('second', k.valid_from, k.time) BETWEEN 0 AND 3 * 86400 - 1))
)
SELECT o.stay_id, min(o.time) AS first, max(o.time) AS last, array_slice(list_sort(list(DISTINCT o.ref)), 1, 20) AS refs,
    COUNT(DISTINCT o.ref) AS records, list_sort(list(DISTINCT o.what)) AS what, max(o.hosts) AS hosts, max(f.hosts) AS fleet_hosts,
    CAST(CAST(min(o.since) AS DATE) AS VARCHAR) AS since
FROM odd AS o
CROSS JOIN fleet AS f
GROUP BY o.stay_id
