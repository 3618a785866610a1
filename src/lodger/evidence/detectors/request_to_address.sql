-- HTTP requests without a name: Host blank, or an address. Not to places that many ask so (printers, update caches, proxies).
WITH spread AS (
    SELECT place, COUNT(DISTINCT host) AS hosts, min(day) AS since FROM request_to_address_rows GROUP BY place
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT b.stay_id, min(b.first) AS first, max(b.last) AS last, array_slice(list_sort(list_distinct(flatten(list(b.refs)))), 1, 20) AS refs,
    CAST(sum(b.records) AS BIGINT) AS records, CAST(sum(b.records) AS BIGINT) AS requests, list_sort(list(DISTINCT b.place)) AS places,
    max(p.hosts) AS hosts, max(f.hosts) AS fleet_hosts, CAST(min(p.since) AS VARCHAR) AS since
FROM request_to_address_rows AS b
JOIN spread AS p ON p.place = b.place
CROSS JOIN fleet AS f
WHERE p.hosts <= greatest(1, f.hosts / 20)
GROUP BY b.stay_id
