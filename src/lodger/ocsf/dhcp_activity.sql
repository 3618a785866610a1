-- OCSF 4004 DHCP Activity: which host had which address.
SELECT
    source || ':' || CAST(record AS VARCHAR) AS ref, time, 'zeek' AS sensor, mac AS src_endpoint_mac,
    lower(COALESCE(client_fqdn, host_name)) AS src_endpoint_hostname, COALESCE(assigned_addr, client_addr) AS src_endpoint_ip,
    lease_time AS lease_seconds
FROM zeek_dhcp
WHERE COALESCE(assigned_addr, client_addr) IS NOT NULL
