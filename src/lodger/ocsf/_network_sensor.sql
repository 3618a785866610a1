-- The network sensors of which there is any record of a connection.
SELECT 'zeek' AS sensor WHERE EXISTS (SELECT 1 FROM zeek_conn) OR EXISTS (SELECT 1 FROM zeek_http) OR EXISTS (SELECT 1 FROM zeek_ssl)
UNION ALL
SELECT 'suricata' WHERE EXISTS (SELECT 1 FROM suricata_flow) OR EXISTS (SELECT 1 FROM suricata_http) OR EXISTS (SELECT 1 FROM suricata_tls)
UNION ALL
SELECT 'nfstream' WHERE EXISTS (SELECT 1 FROM nfstream_flow)
