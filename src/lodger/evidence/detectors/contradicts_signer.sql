-- Company in the version information against the signer's name: no word of four letters or more in common, nor the beginning of either name.
-- Makers of parts, resellers and renamed companies do that too; the fleet's own share says how often.
WITH named AS (
    SELECT s.stay_id, s.company_name AS company, g.signer, min(g.first_said) AS first_said, max(g.last_said) AS last_said, min(g.ref) AS ref,
        regexp_replace(lower(g.signer), '[^a-z0-9]+', '', 'g') AS plain, regexp_replace(lower(s.company_name), '[^a-z0-9]+', '', 'g') AS plain_company
    FROM stay AS s
    JOIN signature AS g ON g.host = s.host AND g.program = s.program
    WHERE s.kind = 'process' AND s.place <> 'system' AND s.company_name IS NOT NULL AND g.role = 'image' AND g.is_signed AND g.signer IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM trusted_signer AS t WHERE t.signer = lower(g.signer))
    GROUP BY s.stay_id, s.company_name, g.signer
),
worded AS (
    SELECT stay_id, company, signer, plain, unnest(string_split(trim(regexp_replace(lower(company), '[^a-z0-9]+', ' ', 'g')), ' ')) AS word
    FROM named
),
shared AS (
    SELECT DISTINCT stay_id, company, signer
    FROM worded
    WHERE length(word) >= 4 AND strpos(plain, word) > 0
        AND word NOT IN ('corporation', 'corp', 'incorporated', 'limited', 'gmbh', 'company', 'technologies', 'technology', 'software', 'systems', 'group', 'international')
)
SELECT n.stay_id, min(n.first_said) AS first, max(n.last_said) AS last, array_slice(list_sort(list(DISTINCT n.ref)), 1, 20) AS refs,
    COUNT(DISTINCT n.ref) AS records, min(n.company) AS company, min(n.signer) AS signer
FROM named AS n
LEFT JOIN shared AS h ON h.stay_id = n.stay_id AND h.company = n.company AND h.signer = n.signer
WHERE h.stay_id IS NULL AND n.plain <> '' AND n.plain_company <> ''
    AND strpos(n.plain, left(n.plain_company, 4)) = 0 AND strpos(n.plain_company, left(n.plain, 4)) = 0
GROUP BY n.stay_id
