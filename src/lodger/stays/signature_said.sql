-- Who signed what, as whom the sensors heard it from tell: one row for each host, program, file and word of these events, with when it was first
-- and last said. What is not told is null; `serial` and `thumbprint` are hexadecimal in lower case, a serial without leading zeros.
--   role         image (the program itself), module (loaded by one), driver, carried (went by on the network), place (the TLS
--                certificate of where a program went: no signature of code)
--   by_program   who loaded a module that lies outside the folders of system and programs
--   sensor       on whose word
WITH shown AS (
    SELECT s.host, s.program, s.destination, k.fingerprint, min(s.time) AS first_said, max(s.time) AS last_said, COUNT(*) AS observations, min(s.ref) AS ref
    FROM contact_certificate AS k
    JOIN stay_contact AS s ON s.ref = k.ref AND s.own
    GROUP BY s.host, s.program, s.destination, k.fingerprint
),
heard AS (
    SELECT
        m.device_hostname AS host, n.program, n.place, CASE WHEN lower(m.module_file_path) = lower(m.process_file_path) THEN 'image' ELSE 'module' END AS role,
        CASE WHEN n.place NOT IN ('system', 'programs') AND lower(m.module_file_path) <> lower(m.process_file_path) THEN l.program END AS by_program,
        m.module_file_path AS path, m.module_file_hashes AS hashes, m.module_file_is_signed AS is_signed,
        m.module_file_signature_signer AS signer, CAST(NULL AS VARCHAR) AS issuer, CAST(NULL AS VARCHAR) AS serial, CAST(NULL AS VARCHAR) AS thumbprint,
        m.module_file_signature_status AS status, CAST(NULL AS VARCHAR) AS authentihash, CAST(NULL AS TIMESTAMP) AS compiled,
        CAST(NULL AS TIMESTAMP) AS signed_at, m.sensor, m.time AS first_said, m.time AS last_said, 1 AS observations, m.ref
    FROM module_activity AS m
    JOIN file_name AS n ON n.path = m.module_file_path
    LEFT JOIN lineage AS l ON l.host = m.device_hostname AND l.uid = m.process_uid
    UNION ALL
    SELECT
        k.device_hostname, n.program, n.place, 'driver', NULL, k.driver_file_path, k.driver_file_hashes, k.driver_file_is_signed,
        k.driver_file_signature_signer, NULL, NULL, NULL, k.driver_file_signature_status, NULL, NULL, NULL, k.sensor, k.time, k.time, 1, k.ref
    FROM kernel_extension_activity AS k
    JOIN file_name AS n ON n.path = k.driver_file_path
    UNION ALL
    SELECT
        f.device_hostname, n.program, n.place, CASE WHEN n.name LIKE '%.sys' THEN 'driver' WHEN n.name LIKE '%.exe' THEN 'image' ELSE 'module' END, NULL,
        f.file_path, f.file_hashes, f.is_signed, f.signer, f.issuer, f.serial, f.thumbprint, f.status, f.authentihash, NULL, f.signed_at, f.sensor, f.time, f.time, 1, f.ref
    FROM _file_signature AS f
    JOIN file_name AS n ON n.path = f.file_path
    UNION ALL
    -- A launch tells the hash of the image and nothing of its signature: what is said of the hash alone finds it.
    SELECT p.host, l.program, l.place, 'image', NULL, p.path, p.hashes, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'launch', p.start, p.start, 1, p.ref
    FROM process AS p
    JOIN lineage AS l ON l.host = p.host AND l.uid = p.uid
    WHERE p.hashes IS NOT NULL AND p.start IS NOT NULL AND NOT l.script
    UNION ALL
    SELECT
        c.host, c.program, 'other', 'carried', NULL, c.file_name, nullif(concat_ws(',', 'SHA256=' || upper(c.file_sha256), 'SHA1=' || upper(c.file_sha1), 'MD5=' || upper(c.file_md5)), ''),
        CASE WHEN NOT e.has_cert_table THEN FALSE END, NULL, NULL, NULL, NULL, NULL, NULL, e.compile_ts, NULL, 'zeek', c.time, c.time, 1, c.ref
    FROM contact_file AS c
    JOIN zeek_pe AS e ON e.id = c.file_uid
    UNION ALL
    SELECT
        s.host, s.program, 'other', 'place', NULL, s.destination, NULL, NULL, COALESCE(nullif(regexp_extract(x.certificate_subject, 'CN=([^,]+)', 1), ''), x.certificate_subject),
        COALESCE(nullif(regexp_extract(x.certificate_issuer, 'CN=([^,]+)', 1), ''), x.certificate_issuer), regexp_replace(lower(replace(x.certificate_serial_number, ':', '')), '^0+', ''),
        lower(replace(s.fingerprint, ':', '')), NULL, NULL, NULL, NULL, x.sensor, s.first_said, s.last_said, s.observations, s.ref
    FROM shown AS s
    JOIN certificate AS x ON x.certificate_fingerprint = s.fingerprint
),
rolled AS (
    SELECT
        host, program, place, role, by_program, hashes, is_signed, signer, issuer, serial, thumbprint, status, authentihash, compiled, signed_at, sensor,
        min(path) AS path, min(first_said) AS first_said, max(last_said) AS last_said, CAST(sum(observations) AS BIGINT) AS observations, min(ref) AS ref
    FROM heard
    GROUP BY host, program, place, role, by_program, hashes, is_signed, signer, issuer, serial, thumbprint, status, authentihash, compiled, signed_at, sensor
)
SELECT
    host, program, place, role, by_program, path, is_signed, signer, issuer, serial, thumbprint, status,
    nullif(lower(regexp_extract(upper(hashes), 'SHA256=([0-9A-F]{64})', 1)), '') AS sha256,
    nullif(lower(regexp_extract(upper(hashes), 'SHA1=([0-9A-F]{40})', 1)), '') AS sha1,
    nullif(lower(regexp_extract(upper(hashes), 'MD5=([0-9A-F]{32})', 1)), '') AS md5,
    authentihash, compiled, signed_at, sensor, first_said, last_said, observations, ref
FROM rolled
