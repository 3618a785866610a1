-- Flows of captures, as nfstream told them: `uid` is unique, `proto` and `app` are named as Zeek names them. nDPI names the protocol
-- and what runs on it (`TLS.Google`): here is the protocol alone; a guess by port or address is none. ICMP has no type and code here,
-- so no ports, and no link to what others saw of it.
WITH told AS (
    SELECT
        f.*, lower(split_part(f.application_name, '.', 1)) AS protocol_name,
        CASE WHEN f.protocol IN (6, 17, 132) THEN 1 ELSE 0 END AS has_ports
    FROM nfstream_flow AS f
)
SELECT
    t.source || ':' || CAST(t.record AS VARCHAR) AS ref, 'nfstream:' || t.source || ':' || CAST(t.record AS VARCHAR) AS uid, t.time,
    CASE t.protocol WHEN 6 THEN 'tcp' WHEN 17 THEN 'udp' WHEN 1 THEN 'icmp' WHEN 58 THEN 'icmp' WHEN 132 THEN 'sctp' WHEN 2 THEN 'igmp'
        WHEN 47 THEN 'gre' WHEN 50 THEN 'esp' WHEN 51 THEN 'ah' WHEN 89 THEN 'ospf' WHEN 103 THEN 'pim'
        ELSE CAST(t.protocol AS VARCHAR) END AS proto,
    CASE
        WHEN t.application_is_guessed = 1 OR t.protocol_name IN ('unknown', 'icmp', 'icmpv6', 'igmp') THEN NULL
        WHEN t.protocol_name IN ('tls', 'dtls') THEN 'ssl'
        WHEN t.protocol_name IN ('mdns', 'llmnr') THEN 'dns'
        WHEN t.protocol_name LIKE 'dhcp%' THEN 'dhcp'
        WHEN t.protocol_name LIKE 'smb%' THEN 'smb'
        WHEN t.protocol_name LIKE 'ftp\_%' ESCAPE '\' THEN 'ftp'
        WHEN t.protocol_name LIKE 'http\_%' ESCAPE '\' THEN 'http'
        WHEN t.protocol_name = 'kerberos' THEN 'krb'
        ELSE t.protocol_name
    END AS app,
    t.src_ip, CASE WHEN t.has_ports = 1 THEN t.src_port END AS src_port, t.dst_ip, CASE WHEN t.has_ports = 1 THEN t.dst_port END AS dst_port,
    CAST(t.bidirectional_last_seen_ms - t.bidirectional_first_seen_ms AS DOUBLE) / 1000 AS duration, t.src2dst_bytes, t.dst2src_bytes,
    lower(t.requested_server_name) AS name, t.client_fingerprint, t.user_agent
FROM told AS t
WHERE t.src_ip IS NOT NULL AND t.dst_ip IS NOT NULL
