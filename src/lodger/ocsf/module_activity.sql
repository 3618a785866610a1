-- OCSF 1005 Module Activity: a library, or the program's own image, was mapped into a process; with what the sensor says of its signature.
SELECT
    ref, w.host_time AS time, w.device_hostname, sensor, 'Load' AS activity_name,
    process_guid AS process_uid, Image AS process_file_path,
    ImageLoaded AS module_file_path, Hashes AS module_file_hashes,
    lower(Signed) = 'true' AS module_file_is_signed,
    CASE WHEN nullif(Signature, '-') IS NULL THEN NULL ELSE trim(Signature) END AS module_file_signature_signer,
    nullif(SignatureStatus, '-') AS module_file_signature_status,
    nullif(Company, '-') AS module_file_company_name, nullif(OriginalFileName, '-') AS module_file_original_name
FROM _windows AS w
WHERE sensor = 'sysmon' AND EventID = 7 AND ImageLoaded IS NOT NULL AND Image IS NOT NULL
