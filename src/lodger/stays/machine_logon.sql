-- Machines that logged on over the network, with the address from which they came: the name of the client's machine account (NAME$, in
-- 4624, 4768, 4769 and Kerberos on the wire: `word` kerberos), or the workstation that an NTLM client said it is (anything that it liked:
-- `word` ntlm). The workstation of a logon at the screen or by remote desktop is the host itself and says nothing of the address.
-- Times are those of the reporting host, or of the network sensor where `reporter` is NULL.
WITH account AS (
    SELECT
        CASE WHEN sensor = 'zeek' THEN NULL ELSE device_hostname END AS reporter, time, src_endpoint_ip AS ip, 'kerberos' AS word,
        regexp_extract(lower(user_name), '^([^$@/]+)[$]([@/].*)?$', 1) AS name,
        COALESCE(nullif(regexp_extract(lower(user_name), '^[^$@/]+[$][@/](.*)$', 1), ''), lower(user_domain)) AS realm
    FROM authentication
    WHERE status = 'Success' AND user_name LIKE '%$%' AND (sensor = 'zeek' OR logon_type_id IS NULL OR logon_type_id = 3)
    UNION ALL
    SELECT CASE WHEN sensor = 'zeek' THEN NULL ELSE device_hostname END, time, src_endpoint_ip, 'ntlm', lower(src_endpoint_hostname), NULL
    FROM authentication
    WHERE auth_protocol_name = 'NTLM' AND (sensor = 'zeek' OR logon_type_id = 3) AND regexp_matches(src_endpoint_hostname, '^[A-Za-z0-9_-]+$')
)
SELECT reporter, time, ip, word,
    CASE WHEN regexp_matches(realm, '^[a-z0-9_-]+([.][a-z0-9_-]+)+$') THEN name || '.' || realm ELSE name END AS client_name
FROM account
WHERE name <> '' AND length(name) <= 63 AND ip IS NOT NULL
    AND ip NOT LIKE '127.%' AND ip NOT IN ('::1', '0.0.0.0', '::', '0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:0', '')
