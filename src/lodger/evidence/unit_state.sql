-- What an earlier analysis kept, as far as the same arithmetic made it.
SELECT e.host, e.stay_id, e.unit, e.name, e.last, e.folded, e.digest, e.head, e.said, e.held, e.seal, e.version
FROM earlier_state AS e
JOIN kernel_version AS v ON v.version = e.version
