-- Issuers of the certificates of one place only, to which one program on at most one host in fifty goes. Silent where fewer than five hosts
-- or twenty places have shown any certificate: every issuer is rare then.
WITH spread AS (
    SELECT issuer, COUNT(DISTINCT host) AS hosts, min(day) AS since
    FROM rare_issuer_rows
    GROUP BY issuer
    HAVING COUNT(DISTINCT destination) = 1 AND COUNT(DISTINCT program) = 1
),
fleet AS (
    SELECT COUNT(DISTINCT host) AS hosts, COUNT(DISTINCT destination) AS places FROM rare_issuer_rows
)
SELECT s.stay_id, min(s.first) AS first, max(s.last) AS last, array_slice(list_sort(list_distinct(flatten(list(s.refs)))), 1, 20) AS refs,
    CAST(sum(s.records) AS BIGINT) AS records, list_sort(list(DISTINCT s.destination)) AS places, list_sort(list(DISTINCT s.issuer)) AS issuers,
    max(p.hosts) AS hosts, max(f.hosts) AS fleet_hosts, CAST(min(p.since) AS VARCHAR) AS since
FROM rare_issuer_rows AS s
JOIN spread AS p ON p.issuer = s.issuer
CROSS JOIN fleet AS f
WHERE f.hosts >= 5 AND f.places >= 20 AND p.hosts <= greatest(1, f.hosts / 50)
GROUP BY s.stay_id
