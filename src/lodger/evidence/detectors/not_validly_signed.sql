-- What the host itself said of the program's own signature.
SELECT s.stay_id, g.first_said AS first, g.last_said AS last, list_sort(list(DISTINCT g.ref)) AS refs, COUNT(DISTINCT g.ref) AS records,
    CASE WHEN max(CASE WHEN g.is_signed THEN 1 ELSE 0 END) = 1 THEN 'signature of ' || COALESCE(min(g.signer), 'an unknown signer') || ' is ' || lower(COALESCE(min(g.status), 'not valid')) ELSE 'not signed' END AS what
FROM stay AS s
JOIN program_signature AS g ON g.host = s.host AND g.program = s.program
WHERE g.is_signed = FALSE OR lower(COALESCE(g.status, 'valid')) NOT IN ('valid', 'unavailable')
GROUP BY s.stay_id, g.first_said, g.last_said
