-- Flows and connections by the ends of either direction (`ends`: address, port, address, port) and the time until the next one between them began,
-- for what else is read from the same capture. A flow's time is cut to milliseconds.
WITH told AS (
    SELECT source, 'nfstream:' || source || ':' || CAST(record AS VARCHAR) AS uid, time, src_ip AS a, src_port AS a_port, dst_ip AS b, dst_port AS b_port
    FROM nfstream_flow
    WHERE protocol = 6 AND source IN (SELECT source FROM file_inspection WHERE packet IS NOT NULL)
    UNION ALL
    SELECT source, uid, time, id_orig_h, id_orig_p, id_resp_h, id_resp_p FROM zeek_conn
    WHERE proto = 'tcp' AND source IN (SELECT source FROM file_inspection WHERE packet IS NOT NULL)
),
either AS (
    SELECT source, uid, time, concat_ws(' ', a, a_port, b, b_port) AS ends FROM told
    UNION ALL
    SELECT source, uid, time, concat_ws(' ', b, b_port, a, a_port) FROM told
)
SELECT source, uid, ends, time AS since,
    COALESCE(lead(time) OVER (PARTITION BY source, ends ORDER BY time, uid), CAST('9999-12-31' AS TIMESTAMP)) AS until
FROM either
