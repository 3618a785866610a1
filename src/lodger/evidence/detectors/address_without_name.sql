-- Contacts without a name from the request, the handshake or a lookup, where lookups of that host are seen at all.
WITH asks AS (
    SELECT DISTINCT asker FROM resolution
    UNION
    SELECT DISTINCT a.host FROM resolution AS r JOIN address_day AS a ON a.ip = r.asker AND a.day = r.day
    UNION
    SELECT DISTINCT COALESCE(device_hostname, src_endpoint_ip) FROM dns_activity
)
SELECT c.stay_id, min(c.times[1]) AS first, max(c.times[1]) AS last, array_slice(list_sort(list(DISTINCT c.ref)), 1, 20) AS refs,
    CAST(sum(c.contacts) AS BIGINT) AS records, list_sort(list(DISTINCT c.destination)) AS places
FROM contact_day AS c
JOIN asks AS a ON a.asker = c.host
WHERE NOT c.named
GROUP BY c.stay_id
