-- Files that network sensors saw go up or come down, with the contact that carried each and the stay it belongs to: of several requests in
-- one connection the nearest in time. `ref` is the sensor's own record of the file. Certificates are files to Zeek, and none here.
WITH carried AS (
    SELECT f.ref, f.time, f.sensor, f.activity_name, f.file_uid, f.file_name, f.file_mime_type, f.file_size, lower(f.file_sha256) AS file_sha256,
        lower(f.file_sha1) AS file_sha1, lower(f.file_md5) AS file_md5, m.flow_uid
    FROM network_file_activity AS f
    JOIN flow_member AS m ON m.uid = f.connection_uid
    WHERE f.file_mime_type IS NULL OR f.file_mime_type NOT LIKE 'application/x-x509%'
),
carrier AS (
    SELECT DISTINCT flow_uid FROM carried
),
told AS (
    SELECT c.flow_uid, h.ref
    FROM carrier AS c
    JOIN flow_member AS m ON m.flow_uid = c.flow_uid
    JOIN http_activity AS h ON h.connection_uid = m.uid
    UNION
    SELECT c.flow_uid, f.ref FROM carrier AS c JOIN flow AS f ON f.uid = c.flow_uid
)
SELECT s.host, s.stay_id, s.program, s.own, s.destination, s.ref AS contact_ref, s.time, s.method, s.url_path, s.status_code, k.ref, k.sensor,
    k.activity_name, k.file_uid, k.file_name, k.file_mime_type, k.file_size, k.file_sha256, k.file_sha1, k.file_md5
FROM carried AS k
JOIN told AS t ON t.flow_uid = k.flow_uid
JOIN stay_contact AS s ON s.ref = t.ref
QUALIFY row_number() OVER (PARTITION BY k.ref, s.stay_id ORDER BY abs(date_diff('millisecond', s.time, k.time)), s.ref) = 1
