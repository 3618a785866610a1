-- What others than module and driver loads say of a file's signature: the audit of code integrity, CodeIntegrity's own log, ECS, and what a
-- collector found running.
--   5038, 6281   the hash of an image, or of its pages, does not fit its signature (Security; the file is param1)
--   3001         an unsigned driver was loaded; 3004 and its like: no valid hash was found for the file
--   302x, 303x   the signer was revoked; 3033 and its like: signed, but not as the policy asks
--   3089         who signed what another event speaks of, by the id of the activity; VerificationError: Microsoft, "Understanding App
--                Control event tags"
WITH integrity AS (
    SELECT
        ref, host_time AS time, device_hostname, EventID, ActivityID,
        COALESCE(FileNameBuffer, other['File Name'], FileName, other['FileName']) AS file_path,
        upper(other['SHA256 Flat Hash']) AS flat_sha256, upper(other['SHA1 Flat Hash']) AS flat_sha1, lower(other['SHA256 Hash']) AS authentihash
    FROM _windows
    WHERE Channel LIKE 'Microsoft-Windows-CodeIntegrity/%'
        AND EventID IN (3001, 3002, 3003, 3004, 3005, 3021, 3022, 3023, 3032, 3033, 3034, 3035, 3036, 3063, 3065, 3066, 3076, 3077)
),
signer AS (
    SELECT ActivityID, device_hostname, min(PublisherName) AS signer, min(IssuerName) AS issuer, min(other['VerificationError']) AS error
    FROM _windows
    WHERE Channel LIKE 'Microsoft-Windows-CodeIntegrity/%' AND EventID = 3089 AND ActivityID IS NOT NULL
    GROUP BY ActivityID, device_hostname
    HAVING COUNT(DISTINCT PublisherName) <= 1
)
SELECT
    ref, host_time AS time, device_hostname, 'security' AS sensor, param1 AS file_path, CAST(NULL AS VARCHAR) AS file_hashes, TRUE AS is_signed,
    CAST(NULL AS VARCHAR) AS signer, CAST(NULL AS VARCHAR) AS issuer, CAST(NULL AS VARCHAR) AS serial, CAST(NULL AS VARCHAR) AS thumbprint, 'altered' AS status,
    CAST(NULL AS VARCHAR) AS authentihash, CAST(NULL AS TIMESTAMP) AS signed_at
FROM _windows
WHERE sensor = 'security' AND EventID IN (5038, 6281) AND param1 IS NOT NULL
UNION ALL
SELECT
    i.ref, i.time, i.device_hostname, 'codeintegrity', i.file_path,
    nullif(concat_ws(',', 'SHA256=' || i.flat_sha256, 'SHA1=' || i.flat_sha1), ''),
    CASE WHEN i.EventID IN (3001, 3004) OR s.error = '3' THEN FALSE WHEN i.EventID IN (3021, 3022, 3023, 3032, 3035, 3036) OR s.signer IS NOT NULL THEN TRUE END,
    s.signer, s.issuer, NULL, NULL,
    CASE
        WHEN i.EventID IN (3021, 3022, 3023, 3032, 3035, 3036) OR s.error = '4' THEN 'revoked'
        WHEN i.EventID = 3001 OR s.error = '3' THEN 'unsigned'
        WHEN i.EventID IN (3002, 3003, 3004, 3005) THEN 'hash not found'
        WHEN s.error IN ('1', '11') THEN 'altered'
        WHEN s.error = '5' THEN 'expired'
        WHEN s.error = '7' THEN 'untrusted root'
        WHEN s.signer IS NOT NULL THEN 'Valid'
    END,
    i.authentihash, NULL
FROM integrity AS i
LEFT JOIN signer AS s ON s.ActivityID = i.ActivityID AND s.device_hostname = i.device_hostname
WHERE i.file_path IS NOT NULL
UNION ALL
-- ECS's code_signature beside a module or driver load: as its exporter saw it, with a thumbprint and a time where it gives them.
SELECT
    ref, host_time, device_hostname, 'ecs', ImageLoaded, Hashes,
    COALESCE(other['file.code_signature.exists'], other['dll.code_signature.exists'], other['file.code_signature.signed'], 'true') = 'true',
    COALESCE(other['file.code_signature.subject_name'], other['dll.code_signature.subject_name']), NULL, NULL,
    lower(COALESCE(other['file.code_signature.thumbprint_sha256'], other['dll.code_signature.thumbprint_sha256'])),
    CASE
        WHEN COALESCE(other['file.code_signature.trusted'], other['dll.code_signature.trusted']) = 'false' THEN 'untrusted root'
        ELSE COALESCE(other['file.code_signature.status'], other['dll.code_signature.status'])
    END,
    NULL, TRY_CAST(COALESCE(other['file.code_signature.timestamp'], other['dll.code_signature.timestamp']) AS TIMESTAMP)
FROM _windows
WHERE EventID IN (6, 7) AND sensor = 'sysmon' AND ImageLoaded IS NOT NULL AND other IS NOT NULL
    AND COALESCE(other['file.code_signature.subject_name'], other['dll.code_signature.subject_name']) IS NOT NULL
UNION ALL
-- Velociraptor's authenticode() beside a process: names as `C=..., O=..., CN=...`, and the certificate's serial number.
SELECT
    ref, time, device_hostname, 'artifact', rooted_path, nullif(concat_ws(',', 'SHA256=' || sha256, 'SHA1=' || sha1, 'MD5=' || md5), ''),
    lower(signature_status) NOT LIKE 'unsigned%',
    COALESCE(nullif(regexp_extract(signer, 'CN=(.+?)(, [A-Za-z]+=.*)?$', 1), ''), nullif(trim(signer), '')),
    COALESCE(nullif(regexp_extract(other['Authenticode.IssuerName'], 'CN=(.+?)(, [A-Za-z]+=.*)?$', 1), ''), other['Authenticode.IssuerName']),
    regexp_replace(lower(replace(other['Authenticode.SerialNumber'], ':', '')), '^0+', ''), NULL,
    CASE WHEN lower(signature_status) = 'trusted' THEN 'Valid' ELSE signature_status END, NULL, NULL
FROM _artifact
WHERE kind IN ('process', 'connection') AND rooted_path IS NOT NULL AND signature_status IS NOT NULL AND other['Authenticode.SerialNumber'] IS NOT NULL
