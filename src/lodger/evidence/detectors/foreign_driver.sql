-- Since Windows 10, version 1607 (build 14393), new drivers must be signed by Microsoft's portal ("Driver signing changes in Windows 10,
-- version 1607"); older chains still load after an upgrade or without Secure Boot, so this is odd, not impossible. The build is that of Windows'
-- own programs on that host.
WITH build AS (
    SELECT host, max(build) AS build FROM foreign_driver_rows GROUP BY host
)
SELECT s.stay_id, min(g.first_said) AS first, max(g.last_said) AS last, array_slice(list_sort(list(DISTINCT g.ref)), 1, 20) AS refs,
    COUNT(DISTINCT g.ref) AS records, min(g.signer) AS signer, max(b.build) AS build
FROM stay AS s
JOIN signature AS g ON g.host = s.host AND g.program = s.program
JOIN build AS b ON b.host = s.host
WHERE g.role = 'driver' AND g.is_signed AND g.signer IS NOT NULL AND lower(g.signer) NOT LIKE 'microsoft %' AND b.build >= 14393
GROUP BY s.stay_id
