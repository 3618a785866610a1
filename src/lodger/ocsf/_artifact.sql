-- Records of forensic collections under one name for each host: what the record says, else what the collection says of its own host
-- (client_info), else the collection's name.
WITH told AS (
    SELECT collection, min(hostname) AS hostname
    FROM artifact
    WHERE kind = 'host' AND hostname IS NOT NULL
    GROUP BY collection
    HAVING COUNT(DISTINCT lower(hostname)) = 1
)
SELECT
    a.source || ':' || CAST(a.record AS VARCHAR) AS ref,
    COALESCE(h.host, lower(COALESCE(a.hostname, t.hostname, a.collection_host)), 'unknown') AS device_hostname,
    -- a prefetch file names volumes by their creation time, UserAssist folders by their id (knownfolders.h)
    CASE
        WHEN a.path LIKE '\VOLUME{%' THEN regexp_replace(a.path, '^\\VOLUME[{][^}]*[}]', '')
        WHEN upper(a.path) LIKE '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\%' THEN '%SystemRoot%\System32' || substr(a.path, 39)
        WHEN upper(a.path) LIKE '{D65231B0-B2F1-4857-A4CE-A8E7C6EA7D27}\%' THEN '%SystemRoot%\SysWOW64' || substr(a.path, 39)
        WHEN upper(a.path) LIKE '{F38BF404-1D43-42F2-9305-67DE0B28FC23}\%' THEN '%SystemRoot%' || substr(a.path, 39)
        WHEN upper(a.path) LIKE '{6D809377-6AF0-444B-8957-A3773F02200E}\%' THEN '%ProgramFiles%' || substr(a.path, 39)
        WHEN upper(a.path) LIKE '{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}\%' THEN '%ProgramFiles(x86)%' || substr(a.path, 39)
        WHEN a.path LIKE '%\%' AND a.path NOT LIKE '{%' OR a.path LIKE '/%' THEN a.path
    END AS rooted_path,
    a.*
FROM artifact AS a
LEFT JOIN told AS t ON t.collection = a.collection
LEFT JOIN _host_name AS h ON h.name = lower(COALESCE(a.hostname, t.hostname, a.collection_host))
