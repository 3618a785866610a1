-- Two files of one program on one host, one after the other, whose signers' names begin with another word ('Google Inc' and 'Google LLC' are one).
WITH word AS (
    SELECT host, program, signer, COALESCE(nullif(regexp_extract(lower(signer), '[^a-z0-9]*([a-z0-9]+)', 1), ''), lower(signer)) AS name, COALESCE(sha256, sha1, md5) AS file,
        min(first_said) AS first_said, max(last_said) AS last_said, min(ref) AS ref
    FROM signature
    WHERE is_signed AND signer IS NOT NULL AND role IN ('image', 'driver') AND COALESCE(sha256, sha1, md5) IS NOT NULL
    GROUP BY host, program, signer, COALESCE(sha256, sha1, md5)
)
SELECT s.stay_id, max(b.first_said) AS first, max(b.last_said) AS last, list_sort(list(DISTINCT b.ref)) AS refs, COUNT(DISTINCT b.ref) AS records,
    min(a.signer) AS before, min(b.signer) AS signer, CAST(CAST(max(a.last_said) AS DATE) AS VARCHAR) AS until, CAST(CAST(min(b.first_said) AS DATE) AS VARCHAR) AS since
FROM stay AS s
JOIN word AS a ON a.host = s.host AND a.program = s.program
JOIN word AS b ON b.host = s.host AND b.program = s.program AND b.name <> a.name AND b.file <> a.file AND b.first_said > a.last_said
WHERE NOT EXISTS (SELECT 1 FROM word AS o WHERE o.host = a.host AND o.program = a.program AND o.name = b.name AND o.first_said <= a.last_said)
GROUP BY s.stay_id
