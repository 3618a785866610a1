-- Paths that may be programs' own, once each: what was created or deleted, loaded as a driver, spoken of for its signature, or named without an instance.
SELECT path
FROM (
    SELECT file_path AS path FROM file_activity
    UNION
    SELECT driver_file_path FROM kernel_extension_activity
    UNION
    SELECT path FROM host_connection WHERE uid IS NULL
    UNION
    SELECT module_file_path FROM module_activity
    UNION
    SELECT file_path FROM _file_signature
) AS paths
WHERE path IS NOT NULL
