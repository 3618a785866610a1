-- Whose lookups are seen, by the day: hosts and addresses that asked for a name, and the hosts that had those addresses then. One row for each.
WITH asked AS (
    SELECT DISTINCT COALESCE(device_hostname, src_endpoint_ip) AS asker, CAST(time AS DATE) AS day FROM dns_activity
)
SELECT asker, day FROM asked
UNION
SELECT a.host, r.day
FROM (SELECT DISTINCT asker, day FROM resolution) AS r
JOIN address_day AS a ON a.ip = r.asker AND a.day = r.day
