-- The names that leases, tickets and logons say, once each. `realm`: 1 for those of tickets and logons that have a realm for a domain.
SELECT src_endpoint_hostname AS name, 0 AS realm FROM dhcp_activity WHERE src_endpoint_hostname IS NOT NULL
UNION
SELECT client_name, CASE WHEN strpos(client_name, '.') > 0 THEN 1 ELSE 0 END FROM machine_logon
UNION
SELECT name, realm FROM earlier_name
