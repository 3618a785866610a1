-- The rows of a class with the connection's Community ID, version 1 (github.com/corelight/community-id-spec): SHA-1 over seed, addresses,
-- protocol and ports, the smaller end first, so that both directions and all sensors have one. `connection_community_uid` is the
-- sensor's own where it gives one, else with seed 0; `connection_link_uid` is always with seed 0 where it can be computed, so that
-- sensors with different seeds agree. ICMP has type and code for ports; a type that has an answer stands with that instead of the code.
WITH protocol AS (
    SELECT 'tcp' AS name, '06' AS code, 1 AS has_ports
    UNION ALL SELECT 'udp', '11', 1
    UNION ALL SELECT 'sctp', '84', 1
    UNION ALL SELECT 'icmp', '01', 1
    UNION ALL SELECT 'icmp6', '3A', 1
    UNION ALL SELECT 'igmp', '02', 0
    UNION ALL SELECT 'rsvp', '2E', 0
    UNION ALL SELECT 'gre', '2F', 0
    UNION ALL SELECT 'esp', '32', 0
    UNION ALL SELECT 'ah', '33', 0
    UNION ALL SELECT 'ospf', '59', 0
    UNION ALL SELECT 'pim', '67', 0
),
question AS (
    SELECT 'icmp' AS name, 8 AS type, 0 AS answer
    UNION ALL SELECT 'icmp', 13, 14
    UNION ALL SELECT 'icmp', 15, 16
    UNION ALL SELECT 'icmp', 10, 9
    UNION ALL SELECT 'icmp', 17, 18
    UNION ALL SELECT 'icmp6', 128, 129
    UNION ALL SELECT 'icmp6', 133, 134
    UNION ALL SELECT 'icmp6', 135, 136
    UNION ALL SELECT 'icmp6', 130, 131
    UNION ALL SELECT 'icmp6', 139, 140
    UNION ALL SELECT 'icmp6', 144, 145
),
counterpart AS (
    SELECT name, type, answer FROM question
    UNION ALL
    SELECT name, answer, type FROM question
),
linked AS (
    SELECT
        s.*,
        COALESCE(
            '1:' || to_base64(unhex(sha1(unhex('0000' || CASE
                WHEN p.has_ports = 0 AND a.value < b.value THEN a.value || b.value || p.code || '00'
                WHEN p.has_ports = 0 THEN b.value || a.value || p.code || '00'
                WHEN s.src_endpoint_port NOT BETWEEN 0 AND 65535 OR s.dst_endpoint_port NOT BETWEEN 0 AND 65535 THEN NULL
                WHEN (p.name IN ('icmp', 'icmp6') AND c.answer IS NULL) OR a.value < b.value
                    OR (a.value = b.value AND s.src_endpoint_port < COALESCE(c.answer, s.dst_endpoint_port))
                    THEN a.value || b.value || p.code || '00' || lpad(hex(s.src_endpoint_port), 4, '0')
                    || lpad(hex(COALESCE(c.answer, s.dst_endpoint_port)), 4, '0')
                ELSE b.value || a.value || p.code || '00' || lpad(hex(COALESCE(c.answer, s.dst_endpoint_port)), 4, '0')
                    || lpad(hex(s.src_endpoint_port), 4, '0')
            END)))),
            s.connection_community_given
        ) AS connection_link_uid
    FROM _network_activity AS s
    LEFT JOIN _address_value AS a ON a.text = s.src_endpoint_ip
    LEFT JOIN _address_value AS b ON b.text = s.dst_endpoint_ip
    LEFT JOIN protocol AS p ON p.name = CASE WHEN s.connection_protocol_name = 'icmp' AND length(a.value) = 32 THEN 'icmp6'
        ELSE s.connection_protocol_name END
    LEFT JOIN counterpart AS c ON c.name = p.name AND c.type = s.src_endpoint_port
)
SELECT l.* EXCLUDE (connection_community_given), COALESCE(l.connection_community_given, l.connection_link_uid) AS connection_community_uid
FROM linked AS l
