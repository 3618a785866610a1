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
UNION ALL
-- Suricata's look at content is libmagic's, told in words. It names the sender first: who began the connection uploads, the other side is downloaded from.
SELECT
    s.source || ':' || CAST(s.record AS VARCHAR), s.time, 'suricata', 'suricata:' || CAST(s.flow_id AS VARCHAR) || COALESCE('/' || CAST(g.nth AS VARCHAR), ''),
    CAST(s.fileinfo_file_id AS VARCHAR),
    CASE WHEN f.src_ip = s.src_ip AND f.src_port = s.src_port THEN 'Upload' WHEN f.src_ip IS NOT NULL THEN 'Download' END,
    s.fileinfo_filename,
    CASE
        WHEN s.fileinfo_magic LIKE 'PE32%' OR s.fileinfo_magic LIKE 'MS-DOS executable%' THEN 'application/x-dosexec'
        WHEN s.fileinfo_magic LIKE 'ELF %' THEN 'application/x-executable'
        WHEN s.fileinfo_magic LIKE 'JPEG image%' THEN 'image/jpeg'
        WHEN s.fileinfo_magic LIKE 'PNG image%' THEN 'image/png'
        WHEN s.fileinfo_magic LIKE 'GIF image%' THEN 'image/gif'
        WHEN s.fileinfo_magic LIKE 'PDF document%' THEN 'application/pdf'
    END,
    s.fileinfo_size, s.fileinfo_sha256, s.fileinfo_sha1, s.fileinfo_md5
FROM suricata_fileinfo AS s
LEFT JOIN _suricata_reused AS g ON g.flow_id = s.flow_id AND g.ends = concat_ws(' ', s.src_ip, s.src_port, s.dest_ip, s.dest_port)
    AND s.time >= g.since AND s.time < g.until
LEFT JOIN (SELECT DISTINCT flow_id, src_ip, src_port, dest_ip, dest_port FROM suricata_flow) AS f ON f.flow_id = s.flow_id
    AND ((f.src_ip = s.src_ip AND f.src_port = s.src_port AND f.dest_ip = s.dest_ip AND f.dest_port = s.dest_port)
    OR (f.src_ip = s.dest_ip AND f.src_port = s.dest_port AND f.dest_ip = s.src_ip AND f.dest_port = s.src_port))
UNION ALL
SELECT
    s.source || ':' || CAST(s.record AS VARCHAR), s.time, 'suricata', 'suricata:' || CAST(s.flow_id AS VARCHAR) || COALESCE('/' || CAST(g.nth AS VARCHAR), ''),
    s.smb_fuid, s.smb_command, s.smb_filename, NULL, s.smb_size, NULL, NULL, NULL
FROM suricata_smb AS s
LEFT JOIN _suricata_reused AS g ON g.flow_id = s.flow_id AND g.ends = concat_ws(' ', s.src_ip, s.src_port, s.dest_ip, s.dest_port)
    AND s.time >= g.since AND s.time < g.until
WHERE s.smb_filename IS NOT NULL
UNION ALL
-- Files in the HTTP bodies of a capture, with the flow or connection of the same capture that was the last to begin between the same ends.
SELECT
    i.source || ':' || CAST(i.record AS VARCHAR), i.time, 'capture', f.uid, CAST(i.packet AS VARCHAR),
    CASE WHEN i.is_orig THEN 'Upload' ELSE 'Download' END, i.file_name,
    CASE
        WHEN i.kind IN ('jpeg', 'png', 'gif', 'bmp', 'webp') THEN 'image/' || i.kind
        WHEN i.kind = 'pdf' THEN 'application/pdf'
        WHEN i.kind = 'pe' THEN 'application/x-dosexec'
        WHEN i.kind = 'elf' THEN 'application/x-executable'
    END,
    i.size, i.sha256, i.sha1, i.md5
FROM file_inspection AS i
LEFT JOIN _capture_flow AS f ON f.source = i.source AND f.ends = concat_ws(' ', i.src_ip, i.src_port, i.dst_ip, i.dst_port) AND f.since <= i.time AND i.time < f.until
WHERE i.packet IS NOT NULL
