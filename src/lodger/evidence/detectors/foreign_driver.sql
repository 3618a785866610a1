-- Since Windows 10, version 1607 (build 14393), new drivers must be signed by Microsoft's portal ("Driver signing changes in Windows 10,
-- version 1607"); older chains still load after an upgrade or without Secure Boot, so this is odd, not impossible. The build is that of Windows'
-- own programs on that host.
WITH build AS (
    SELECT device_hostname AS host, max(TRY_CAST(regexp_extract(FileVersion, '^10[.]0[.]([0-9]{5})[.]', 1) AS INTEGER)) AS build
    FROM _windows
    WHERE sensor = 'sysmon' AND EventID IN (1, 7) AND FileVersion LIKE '10.0.%' AND lower(COALESCE(ImageLoaded, Image)) LIKE '%\windows\system32\%'
    GROUP BY device_hostname
)
SELECT s.stay_id, min(g.first_said) AS first, max(g.last_said) AS last, array_slice(list_sort(list(DISTINCT g.ref)), 1, 20) AS refs,
    COUNT(DISTINCT g.ref) AS records, min(g.signer) AS signer, max(b.build) AS build
FROM stay AS s
JOIN signature AS g ON g.host = s.host AND g.program = s.program
JOIN build AS b ON b.host = s.host
WHERE g.role = 'driver' AND g.is_signed AND g.signer IS NOT NULL AND lower(g.signer) NOT LIKE 'microsoft %' AND b.build >= 14393
GROUP BY s.stay_id
