-- Which host had which address on which day, from the hosts' own connections and from DHCP. An address that several hosts claim on
-- one day belongs to none of them: it is a gateway, a proxy or a lease that changed hands. Lease and host may tell the name with and
-- without the domain: where one host of that first label reports itself, it is that one.
WITH reporting AS (
    SELECT split_part(device_hostname, '.', 1) AS label, min(device_hostname) AS host
    FROM _windows
    GROUP BY split_part(device_hostname, '.', 1)
    HAVING COUNT(DISTINCT device_hostname) = 1
),
claim AS (
    SELECT host, src_ip AS ip, CAST(time AS DATE) AS day FROM host_connection
    WHERE src_ip NOT LIKE '127.%' AND src_ip NOT IN ('::1', '0.0.0.0', '::', '0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:0')
    UNION
    SELECT COALESCE(r.host, d.src_endpoint_hostname), d.src_endpoint_ip, CAST(d.time AS DATE)
    FROM dhcp_activity AS d
    LEFT JOIN reporting AS r ON r.label = split_part(d.src_endpoint_hostname, '.', 1)
        AND (r.label = d.src_endpoint_hostname OR r.label = r.host)
    WHERE d.src_endpoint_hostname IS NOT NULL
)
SELECT ip, day, min(host) AS host FROM claim GROUP BY ip, day HAVING COUNT(DISTINCT host) = 1
