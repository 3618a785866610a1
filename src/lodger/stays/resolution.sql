-- The name by which an address was last asked for, per asking host or address and day: what a bare connection meant.
WITH asked AS (
    SELECT COALESCE(device_hostname, src_endpoint_ip) AS asker, CAST(time AS DATE) AS day, time, query_hostname AS name,
        unnest(string_split(answers, ';')) AS answer
    FROM dns_activity
    WHERE answers IS NOT NULL AND query_hostname IS NOT NULL
)
SELECT asker, day, replace(answer, '::ffff:', '') AS ip, name
FROM asked
WHERE regexp_matches(answer, '^(::ffff:)?[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+$') OR (answer LIKE '%:%:%' AND answer NOT LIKE 'type:%')
QUALIFY row_number() OVER (PARTITION BY asker, day, replace(answer, '::ffff:', '') ORDER BY time DESC, name) = 1
