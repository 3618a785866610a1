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
UNION ALL
-- A collector checks the signature of a process's image as it lies on disk.
SELECT
    ref, time, device_hostname, 'artifact', 'Load', NULL, rooted_path, rooted_path,
    nullif(concat_ws(',', 'SHA256=' || sha256, 'SHA1=' || sha1, 'MD5=' || md5), ''), lower(signature_status) NOT LIKE 'unsigned%',
    COALESCE(nullif(regexp_extract(signer, 'CN=(.+?)(, [A-Za-z]+=.*)?$', 1), ''), nullif(trim(signer), '')), CASE WHEN lower(signature_status) = 'trusted' THEN 'Valid' ELSE signature_status END, NULL, NULL
FROM _artifact
WHERE kind IN ('process', 'connection') AND rooted_path IS NOT NULL AND signature_status IS NOT NULL
