-- Host or SNI against the lookups of the whole fleet: the name was asked for, and its answers never were this address, which was the
-- answer to other names. Not where three names or more go wrong at one address (a proxy, or a cloud's front), nor on one day only.
WITH answer AS (
    SELECT query_hostname AS name, unnest(string_split(answers, ';')) AS answer
    FROM dns_activity
    WHERE answers IS NOT NULL AND query_hostname IS NOT NULL
),
answered AS (
    SELECT DISTINCT lower(name) AS name, replace(answer, '::ffff:', '') AS ip
    FROM answer
    WHERE regexp_matches(answer, '^(::ffff:)?[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$') OR (answer LIKE '%:%:%' AND answer NOT LIKE 'type:%')
),
claim AS (
    SELECT stay_id, program, host, lower(COALESCE(sni, http_host)) AS name, dst_ip, time, ref
    FROM stay_contact
    WHERE own AND COALESCE(sni, http_host) IS NOT NULL
),
false_claim AS (
    SELECT c.*
    FROM claim AS c
    WHERE EXISTS (SELECT 1 FROM answered AS a WHERE a.name = c.name)
        AND EXISTS (SELECT 1 FROM answered AS a WHERE a.ip = c.dst_ip)
        AND NOT EXISTS (SELECT 1 FROM answered AS a WHERE a.name = c.name AND a.ip = c.dst_ip)
),
spread AS (
    SELECT dst_ip, COUNT(DISTINCT host) AS hosts, min(time) AS since
    FROM false_claim
    GROUP BY dst_ip
    HAVING COUNT(DISTINCT name) <= 2 AND COUNT(DISTINCT program) = 1 AND COUNT(DISTINCT CAST(time AS DATE)) >= 2
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT c.stay_id, min(c.time) AS first, max(c.time) AS last, array_slice(list_sort(list(DISTINCT c.ref)), 1, 20) AS refs,
    COUNT(DISTINCT c.ref) AS records, list_sort(list(DISTINCT c.name)) AS names, list_sort(list(DISTINCT c.dst_ip)) AS addresses,
    list_sort(list(DISTINCT a.name)) AS asked, max(p.hosts) AS hosts, max(f.hosts) AS fleet_hosts, CAST(CAST(min(p.since) AS DATE) AS VARCHAR) AS since
FROM false_claim AS c
JOIN spread AS p ON p.dst_ip = c.dst_ip
JOIN answered AS a ON a.ip = c.dst_ip
CROSS JOIN fleet AS f
WHERE p.hosts <= greatest(1, f.hosts / 50)
GROUP BY c.stay_id
