-- The latest word on both programs, of the host itself.
SELECT s.stay_id, min(r.first) AS first, max(r.last) AS last, array_slice(list_sort(list_distinct(flatten(list(r.refs)))), 1, 20) AS refs,
    CAST(sum(r.records) AS BIGINT) AS records, min(regexp_replace(s.path, '[^\\/]+$', '')) AS place, min(r.parent_name) AS parent, min(v.signer) AS signer
FROM stay AS s
JOIN program_signature AS g ON g.host = s.host AND g.program = s.program
JOIN unsigned_child_rows AS r ON r.host = s.host AND r.program = s.program
JOIN program_signature AS v ON v.host = r.host AND v.program = r.parent
WHERE g.is_signed = FALSE AND v.is_signed AND lower(COALESCE(v.status, 'valid')) = 'valid' AND v.signer IS NOT NULL
GROUP BY s.stay_id
