-- Host or SNI against the lookups of the whole fleet: the name was asked for, and its answers never were this address, which was the
-- answer to other names. Not where three names or more go wrong at one address (a proxy, or a cloud's front), nor on one day only.
WITH claim AS (
    SELECT stay_id, program, host, names[1] AS name, ip, day, first, last, refs, records FROM name_unlike_lookup_rows WHERE stay_id IS NOT NULL
),
answered AS (
    SELECT DISTINCT unnest(names) AS name, ip FROM name_unlike_lookup_rows WHERE stay_id IS NULL
),
false_claim AS (
    SELECT c.*
    FROM claim AS c
    WHERE EXISTS (SELECT 1 FROM answered AS a WHERE a.name = c.name)
        AND EXISTS (SELECT 1 FROM answered AS a WHERE a.ip = c.ip)
        AND NOT EXISTS (SELECT 1 FROM answered AS a WHERE a.name = c.name AND a.ip = c.ip)
),
spread AS (
    SELECT ip, COUNT(DISTINCT host) AS hosts, min(day) AS since
    FROM false_claim
    GROUP BY ip
    HAVING COUNT(DISTINCT name) <= 2 AND COUNT(DISTINCT program) = 1 AND COUNT(DISTINCT day) >= 2
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
told AS (
    SELECT c.*, p.hosts, p.since, f.hosts AS fleet_hosts
    FROM false_claim AS c
    JOIN spread AS p ON p.ip = c.ip
    CROSS JOIN fleet AS f
    WHERE p.hosts <= greatest(1, f.hosts / 50)
),
asked AS (
    SELECT t.stay_id, list_sort(list(DISTINCT a.name)) AS names
    FROM told AS t
    JOIN answered AS a ON a.ip = t.ip
    GROUP BY t.stay_id
)
SELECT t.stay_id, min(t.first) AS first, max(t.last) AS last, array_slice(list_sort(list_distinct(flatten(list(t.refs)))), 1, 20) AS refs,
    CAST(sum(t.records) AS BIGINT) AS records, list_sort(list(DISTINCT t.name)) AS names, list_sort(list(DISTINCT t.ip)) AS addresses,
    max(a.names) AS asked, max(t.hosts) AS hosts, max(t.fleet_hosts) AS fleet_hosts, CAST(min(t.since) AS VARCHAR) AS since
FROM told AS t
JOIN asked AS a ON a.stay_id = t.stay_id
GROUP BY t.stay_id
