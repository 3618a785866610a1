-- The latest word on both programs, of the host itself.
SELECT s.stay_id, min(p.start) AS first, max(p.start) AS last, array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs, COUNT(DISTINCT p.ref) AS records,
    min(regexp_replace(s.path, '[^\\/]+$', '')) AS place, min(u.name) AS parent, min(v.signer) AS signer
FROM stay AS s
JOIN program_signature AS g ON g.host = s.host AND g.program = s.program
JOIN lineage AS l ON l.host = s.host AND l.program = s.program
JOIN process AS p ON p.host = l.host AND p.uid = l.uid
JOIN lineage AS u ON u.host = p.host AND u.uid = p.parent_uid
JOIN program_signature AS v ON v.host = u.host AND v.program = u.program
WHERE s.place = 'system' AND g.is_signed = FALSE AND v.is_signed AND lower(COALESCE(v.status, 'valid')) = 'valid' AND v.signer IS NOT NULL AND p.start IS NOT NULL
GROUP BY s.stay_id
