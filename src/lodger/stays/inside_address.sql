-- Addresses that are inside: the private ones (RFC 1918, 3927, 4193, 6598), loopback, those that the network's sensor was told are local
-- (Zeek's local_orig, local_resp), and those in the /24 of an address that a host of the fleet is known to have had, so that networks on
-- public addresses are no special case.
WITH net AS (
    SELECT DISTINCT regexp_extract(ip, '^([0-9]+[.][0-9]+[.][0-9]+[.])', 1) AS net
    FROM host_address
    WHERE regexp_matches(ip, '^[0-9]+[.][0-9]+[.][0-9]+[.]')
),
told AS (
    SELECT src_endpoint_ip AS ip FROM network_activity WHERE device_hostname IS NULL AND connection_direction IN ('Outbound', 'Lateral')
    UNION
    SELECT dst_endpoint_ip FROM network_activity WHERE device_hostname IS NULL AND connection_direction IN ('Inbound', 'Lateral')
),
seen AS (
    SELECT src_ip AS ip FROM flow
    UNION
    SELECT dst_ip FROM flow
    UNION
    SELECT src_ip FROM host_connection
    UNION
    SELECT dst_ip FROM host_connection
)
SELECT s.ip
FROM seen AS s
LEFT JOIN net AS n ON n.net = regexp_extract(s.ip, '^([0-9]+[.][0-9]+[.][0-9]+[.])', 1)
WHERE n.net IS NOT NULL
    OR EXISTS (SELECT 1 FROM told AS t WHERE t.ip = s.ip)
    OR EXISTS (SELECT 1 FROM host_address AS h WHERE h.ip = s.ip)
    OR regexp_matches(lower(s.ip), '^(10|127|192[.]168|172[.](1[6-9]|2[0-9]|3[01])|169[.]254|100[.](6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))[.]')
    OR regexp_matches(lower(s.ip), '^(f[cd][0-9a-f][0-9a-f]|fe[89ab][0-9a-f]):')
    OR s.ip IN ('::1', '0:0:0:0:0:0:0:1')
