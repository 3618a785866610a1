-- The answers to lookups, and the names that were said to addresses, by the day: rows with a stay are claims of a name (`names` has that one) to an address that no answer
-- of the day gave for it; those without one have all `names` that led to an address on that day.
WITH answer AS (
    SELECT name, day, unnest(string_split(answers, ';')) AS answer
    FROM (
        SELECT DISTINCT lower(query_hostname) AS name, CAST(time AS DATE) AS day, answers
        FROM dns_activity
        WHERE answers IS NOT NULL AND query_hostname IS NOT NULL
    ) AS said
),
answered AS (
    SELECT DISTINCT name, day, replace(answer, '::ffff:', '') AS ip
    FROM answer
    WHERE regexp_matches(answer, '^(::ffff:)?[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$') OR (answer LIKE '%:%:%' AND answer NOT LIKE 'type:%')
),
claim AS (
    SELECT stay_id, program, host, lower(COALESCE(sni, http_host)) AS name, dst_ip AS ip, CAST(time AS DATE) AS day, time, ref
    FROM stay_contact
    WHERE own AND COALESCE(sni, http_host) IS NOT NULL
)
SELECT stay_id, program, host, [name] AS names, ip, day, min(time) AS first, max(time) AS last,
    array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records
FROM claim AS c
WHERE NOT EXISTS (SELECT 1 FROM answered AS a WHERE a.name = c.name AND a.ip = c.ip AND a.day = c.day)
GROUP BY stay_id, program, host, name, ip, day
UNION ALL
SELECT NULL, NULL, NULL, list_sort(list(name)), ip, day, NULL, NULL, NULL, 0 FROM answered GROUP BY ip, day
