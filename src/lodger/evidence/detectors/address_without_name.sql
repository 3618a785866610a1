-- Contacts without a name from the request, the handshake or a lookup, where lookups of that host are seen at all; neighbours find each other without DNS.
SELECT c.stay_id, min(c.first) AS first, max(c.last) AS last, array_slice(list_sort(list_distinct(flatten(list(c.refs)))), 1, 20) AS refs,
    CAST(sum(c.contacts) AS BIGINT) AS records, list_sort(list(DISTINCT c.destination)) AS places
FROM contact_pair AS c
ANTI JOIN file_share AS h ON h.destination = c.destination
WHERE NOT c.called AND NOT c.named AND EXISTS (SELECT 1 FROM address_without_name_rows AS a WHERE a.asker = c.host)
GROUP BY c.stay_id
