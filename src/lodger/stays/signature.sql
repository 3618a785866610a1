-- What sensors said of a program's own signature: of its image when it was loaded, or of a driver; the latest word per host.
WITH said AS (
    SELECT m.device_hostname AS host, n.program, m.time, m.module_file_is_signed AS is_signed,
        m.module_file_signature_signer AS signer, m.module_file_signature_status AS status, m.ref
    FROM module_activity AS m
    JOIN file_name AS n ON n.path = m.module_file_path
    WHERE lower(m.module_file_path) = lower(m.process_file_path) OR n.place NOT IN ('system', 'programs')
    UNION ALL
    SELECT k.device_hostname, n.program, k.time, k.driver_file_is_signed, k.driver_file_signature_signer, k.driver_file_signature_status, k.ref
    FROM kernel_extension_activity AS k
    JOIN file_name AS n ON n.path = k.driver_file_path
)
SELECT host, program, is_signed, signer, status,
    min(time) OVER (PARTITION BY host, program) AS first_said, max(time) OVER (PARTITION BY host, program) AS last_said,
    min(ref) OVER (PARTITION BY host, program) AS ref
FROM said
QUALIFY row_number() OVER (PARTITION BY host, program ORDER BY time DESC, said.ref) = 1
