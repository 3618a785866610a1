-- Version information against signer, for publishers whose programs are on nearly every machine: their own names sign on many hosts.
WITH spread AS (
    SELECT lower(signer) AS signer, COUNT(DISTINCT host) AS hosts
    FROM signature WHERE is_signed AND signer IS NOT NULL AND role <> 'place' GROUP BY lower(signer)
),
claim AS (
    SELECT stay_id, host, program, company_name, regexp_extract(lower(company_name), '(microsoft|google|adobe|mozilla|apple|oracle|intel|nvidia|cisco|vmware|citrix|dell|lenovo|realtek|zoom|dropbox)', 1) AS publisher
    FROM stay
    WHERE kind = 'process' AND company_name IS NOT NULL
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT c.stay_id, min(g.first_said) AS first, max(g.last_said) AS last, array_slice(list_sort(list(DISTINCT g.ref)), 1, 20) AS refs,
    COUNT(DISTINCT g.ref) AS records, min(c.company_name) AS company, min(g.signer) AS signer, max(f.hosts) AS hosts
FROM claim AS c
JOIN signature AS g ON g.host = c.host AND g.program = c.program
JOIN spread AS p ON p.signer = lower(g.signer)
CROSS JOIN fleet AS f
WHERE c.publisher <> '' AND g.is_signed AND g.role = 'image' AND p.hosts = 1 AND f.hosts >= 5 AND strpos(lower(g.signer), c.publisher) = 0
    AND NOT EXISTS (SELECT 1 FROM trusted_signer AS t WHERE t.signer = lower(g.signer))
GROUP BY c.stay_id
