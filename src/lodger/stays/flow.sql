-- Every connection that network sensors saw, once, with what each of them knows: ends, times and counts from the first that has them
-- (Zeek, Suricata, captures), names and fingerprints from whoever saw them. `request_sensor` saw most of its requests: they are told
-- by one sensor alone.
WITH ranked AS (
    SELECT flow_uid, sensor, sum(requests) AS requests FROM flow_member WHERE requests > 0 GROUP BY flow_uid, sensor
),
told AS (
    SELECT flow_uid, sensor FROM ranked QUALIFY row_number() OVER (PARTITION BY flow_uid ORDER BY requests DESC, sensor DESC) = 1
),
-- most connections were seen by one sensor: there is nothing to put together
several AS (
    SELECT DISTINCT flow_uid FROM flow_member WHERE uid <> flow_uid
),
merged AS (
    SELECT f.flow_uid, min(app_name) AS app_name, max(bytes_out) AS bytes_out, max(bytes_in) AS bytes_in, max(duration) AS duration, min(sni) AS sni,
        COALESCE(min(ja4), min(ja3)) AS fingerprint
    FROM flow_member AS f
    JOIN several AS s ON s.flow_uid = f.flow_uid
    GROUP BY f.flow_uid
)
SELECT
    f.uid, f.link, f.time, f.proto, COALESCE(f.app_name, m.app_name) AS app_name, f.src_ip, f.src_port, f.dst_ip, f.dst_port,
    COALESCE(f.bytes_out, m.bytes_out) AS bytes_out, COALESCE(f.bytes_in, m.bytes_in) AS bytes_in, COALESCE(f.duration, m.duration) AS duration, f.state,
    COALESCE(f.sni, m.sni) AS sni, CASE WHEN m.flow_uid IS NULL THEN COALESCE(f.ja4, f.ja3) ELSE m.fingerprint END AS fingerprint, t.flow_uid IS NOT NULL AS has_http, t.sensor AS request_sensor, f.ref
FROM flow_member AS f
LEFT JOIN merged AS m ON m.flow_uid = f.uid
LEFT JOIN told AS t ON t.flow_uid = f.uid
WHERE f.uid = f.flow_uid
