-- OCSF 4010 Network File Activity: files that a network sensor saw in transit, and files on shares.
SELECT
    source || ':' || CAST(record AS VARCHAR) AS ref, time, 'zeek' AS sensor, COALESCE(uid, conn_uids[1]) AS connection_uid, fuid AS file_uid,
    CASE WHEN is_orig THEN 'Upload' ELSE 'Download' END AS activity_name, filename AS file_name, mime_type AS file_mime_type,
    seen_bytes AS file_size, sha256 AS file_sha256, sha1 AS file_sha1, md5 AS file_md5
FROM zeek_files
UNION ALL
SELECT
    source || ':' || CAST(record AS VARCHAR), time, 'zeek', uid, fuid, action, name, NULL, size, NULL, NULL, NULL
FROM zeek_smb_files
