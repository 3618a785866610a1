-- OCSF 4004 DHCP Activity: which host had which address. `lease_is_new`: the client had none before (it asked whoever may hear it).
SELECT
    source || ':' || CAST(record AS VARCHAR) AS ref, time, 'zeek' AS sensor, mac AS src_endpoint_mac,
    lower(COALESCE(client_fqdn, host_name)) AS src_endpoint_hostname, COALESCE(assigned_addr, client_addr) AS src_endpoint_ip,
    lease_time AS lease_seconds, COALESCE(list_contains(msg_types, 'DISCOVER'), FALSE) AS lease_is_new
FROM zeek_dhcp
WHERE COALESCE(assigned_addr, client_addr) IS NOT NULL
UNION ALL
-- The client's name stands in what it asked, the address in what it was given: one exchange has one id.
SELECT
    s.source || ':' || CAST(s.record AS VARCHAR), s.time, 'suricata', s.dhcp_client_mac,
    lower(COALESCE(s.dhcp_hostname, q.hostname)), COALESCE(nullif(s.dhcp_assigned_ip, '0.0.0.0'), nullif(s.dhcp_client_ip, '0.0.0.0')),
    CAST(s.dhcp_lease_time AS DOUBLE), COALESCE(q.discovers, 0) > 0
FROM suricata_dhcp AS s
LEFT JOIN (
    SELECT dhcp_id, dhcp_client_mac, day, max(dhcp_hostname) AS hostname,
        SUM(CASE WHEN lower(dhcp_dhcp_type) = 'discover' THEN 1 ELSE 0 END) AS discovers
    FROM suricata_dhcp
    WHERE dhcp_type = 'request'
    GROUP BY dhcp_id, dhcp_client_mac, day
) AS q ON q.dhcp_id = s.dhcp_id AND q.dhcp_client_mac = s.dhcp_client_mac AND q.day = s.day
WHERE s.dhcp_type = 'reply' AND COALESCE(nullif(s.dhcp_assigned_ip, '0.0.0.0'), nullif(s.dhcp_client_ip, '0.0.0.0')) IS NOT NULL
    AND COALESCE(s.dhcp_dhcp_type, 'ack') = 'ack'
