-- OCSF 4003 DNS Activity: what was asked and answered; the host's sensor also names the process that asked.
-- answers is one text with the answers parted by ';', as Sysmon writes them; answers_ttl the least time for which any of them holds,
-- in seconds; dst_endpoint_ip who was asked.
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, process_guid AS process_uid, Image AS process_file_path,
    CAST(NULL AS VARCHAR) AS src_endpoint_ip, lower(QueryName) AS query_hostname, QueryResults AS answers,
    CASE WHEN QueryStatus = '0' THEN 'NoError' ELSE QueryStatus END AS rcode,
    CAST(NULL AS VARCHAR) AS dst_endpoint_ip, CAST(NULL AS DOUBLE) AS answers_ttl
FROM _windows AS w
WHERE sensor = 'sysmon' AND EventID = 22 AND QueryName IS NOT NULL
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, NULL, 'zeek', NULL, NULL, id_orig_h, lower(query), array_to_string(answers, ';'), rcode_name,
    id_resp_h, list_min(TRY_CAST(TTLs AS DOUBLE[]))
FROM zeek_dns
WHERE query IS NOT NULL AND id_orig_h IS NOT NULL
UNION ALL
-- One row per lookup: its answer, or the question where none came. Version 1 has an event for each answer, and is as many rows.
SELECT
    s.source || ':' || CAST(s.record AS VARCHAR), s.time, NULL, 'suricata', NULL, NULL,
    CASE WHEN s.src_port = 53 AND s.dest_port <> 53 THEN s.dest_ip ELSE s.src_ip END,
    lower(COALESCE(s.dns_rrname, s.dns_queries_rrname[1])),
    COALESCE(
        nullif(array_to_string(COALESCE(s.dns_answers_rdata, list_concat(s.dns_grouped_A, s.dns_grouped_AAAA)), ';'), ''),
        array_to_string(s.dns_grouped_A, ';'), array_to_string(s.dns_grouped_AAAA, ';'),
        s.dns_rdata
    ),
    s.dns_rcode,
    CASE WHEN s.src_port = 53 AND s.dest_port <> 53 THEN s.src_ip ELSE s.dest_ip END,
    COALESCE(list_min(TRY_CAST(s.dns_answers_ttl AS DOUBLE[])), CAST(s.dns_ttl AS DOUBLE))
FROM suricata_dns AS s
WHERE s.src_ip IS NOT NULL AND COALESCE(s.dns_rrname, s.dns_queries_rrname[1]) IS NOT NULL
    AND (s.dns_type IN ('answer', 'response') OR NOT EXISTS (
        SELECT 1 FROM suricata_dns AS a
        WHERE a.dns_type IN ('answer', 'response') AND a.flow_id = s.flow_id AND a.dns_id = s.dns_id AND a.source = s.source
    ))
UNION ALL
-- Of a capture's flow only the first name that was asked for is known, and no answer.
SELECT ref, time, NULL, 'nfstream', NULL, NULL, src_ip, name, NULL, NULL, dst_ip, NULL
FROM _nfstream_flow
WHERE app = 'dns' AND name IS NOT NULL
UNION ALL
-- The resolver's cache: what the host knew when it was collected.
SELECT ref, time, device_hostname, 'artifact', NULL, NULL, NULL, lower(query), answer, 'NoError', NULL, NULL
FROM _artifact
WHERE kind = 'dns' AND query IS NOT NULL AND answer <> ''
