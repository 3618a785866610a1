-- What was said of a program's own signature: of its image when it was loaded, or of a driver; the latest word per host.
WITH said AS (
    SELECT host, program, last_said AS time, is_signed, signer, status, first_said, ref
    FROM signature
    WHERE is_signed IS NOT NULL AND (role IN ('image', 'driver') OR role = 'module' AND place NOT IN ('system', 'programs'))
)
SELECT host, program, is_signed, signer, status,
    min(first_said) OVER (PARTITION BY host, program) AS first_said, max(time) OVER (PARTITION BY host, program) AS last_said,
    min(ref) OVER (PARTITION BY host, program) AS ref
FROM said
QUALIFY row_number() OVER (PARTITION BY host, program ORDER BY time DESC, said.ref) = 1
