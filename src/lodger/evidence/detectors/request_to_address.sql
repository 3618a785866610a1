-- HTTP requests without a name: Host blank, or an address. Not to places that many ask so (printers, update caches, proxies).
WITH bare AS (
    SELECT stay_id, host, dst_ip || ':' || CAST(dst_port AS VARCHAR) AS place, time, ref
    FROM stay_contact
    WHERE is_http AND (http_host IS NULL OR regexp_matches(http_host, '^([0-9]+[.][0-9]+[.][0-9]+[.][0-9]+|[[]?[0-9a-f:]*:[0-9a-f:.]*:[0-9a-f:.]*[]]?)$'))
),
spread AS (
    SELECT place, COUNT(DISTINCT host) AS hosts, min(time) AS since FROM bare GROUP BY place
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT b.stay_id, min(b.time) AS first, max(b.time) AS last, array_slice(list_sort(list(DISTINCT b.ref)), 1, 20) AS refs,
    COUNT(DISTINCT b.ref) AS records, COUNT(DISTINCT b.ref) AS requests, list_sort(list(DISTINCT b.place)) AS places, max(p.hosts) AS hosts,
    max(f.hosts) AS fleet_hosts, CAST(CAST(min(p.since) AS DATE) AS VARCHAR) AS since
FROM bare AS b
JOIN spread AS p ON p.place = b.place
CROSS JOIN fleet AS f
WHERE p.hosts <= greatest(1, f.hosts / 20)
GROUP BY b.stay_id
