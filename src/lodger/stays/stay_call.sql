-- Every call that came in, with the stay of the program that was called: the nearest one that acts by the process which its host's own
-- sensor names, a program known by path alone, or a stay of the port where only the network saw it.
WITH answering AS (
    SELECT host, uid, stay_id, program FROM acting QUALIFY row_number() OVER (PARTITION BY host, uid ORDER BY distance, stay_id) = 1
)
SELECT c.host, COALESCE(a.stay_id, substr(sha256(c.host || '|' || COALESCE(n.program, 'network: ' || c.client)), 1, 12)) AS stay_id,
    COALESCE(a.program, n.program, 'network: ' || c.client) AS program, c.destination AS caller, c.ref, c.host_ref, c.time, c.src_ip, c.dst_ip, c.dst_port,
    c.proto, c.app_name, c.bytes_out, c.bytes_in, c.duration, i.ip IS NULL AS outside
FROM contact_event AS c
LEFT JOIN answering AS a ON a.host = c.host AND a.uid = c.uid
LEFT JOIN file_name AS n ON c.uid IS NULL AND n.path = c.path
LEFT JOIN inside_address AS i ON i.ip = c.src_ip
WHERE c.direction = 'Inbound' AND (c.uid IS NULL OR a.uid IS NOT NULL)
