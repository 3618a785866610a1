-- What the next analysis reads of the units with many calls.
SELECT j.host, j.stay_id, j.unit, j.name, j.last_time AS last, j.folded, j.digest, j.head, j.said, j.held, j.seal, v.version
FROM judged AS j
CROSS JOIN kernel_version AS v
WHERE j.head IS NOT NULL
