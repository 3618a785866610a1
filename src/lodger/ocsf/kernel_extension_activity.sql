-- OCSF 1002 Kernel Extension Activity: a driver was loaded.
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, 'Load' AS activity_name,
    ImageLoaded AS driver_file_path, Hashes AS driver_file_hashes,
    lower(Signed) = 'true' AS driver_file_is_signed,
    CASE WHEN nullif(Signature, '-') IS NULL THEN NULL ELSE trim(Signature) END AS driver_file_signature_signer,
    nullif(SignatureStatus, '-') AS driver_file_signature_status
FROM _windows AS w
WHERE sensor = 'sysmon' AND EventID = 6 AND ImageLoaded IS NOT NULL
