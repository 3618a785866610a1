-- Which host had which address on which day, from the hosts' own connections and from DHCP. An address that several hosts claim on
-- one day belongs to none of them: it is a gateway, a proxy or a lease that changed hands.
WITH claim AS (
    SELECT host, src_ip AS ip, CAST(time AS DATE) AS day FROM host_connection
    WHERE src_ip NOT LIKE '127.%' AND src_ip NOT IN ('::1', '0.0.0.0', '::', '0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:0')
    UNION
    SELECT src_endpoint_hostname, src_endpoint_ip, CAST(time AS DATE) FROM dhcp_activity WHERE src_endpoint_hostname IS NOT NULL
)
SELECT ip, day, min(host) AS host FROM claim GROUP BY ip, day HAVING COUNT(DISTINCT host) = 1
