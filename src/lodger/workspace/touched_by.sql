-- What new statements speak of: by host and program, since when, whether it is still there, and where it ranks now.
WITH said AS (
    SELECT
        t.host, t.program, t.stay_id, min(t.path) AS path, min(t.first_said) AS since, max(t.last_said) AS until,
        min(COALESCE(t.loads || ', ', '') || COALESCE('signed by ' || t.signer || ', ', '') || t.kind || COALESCE(' from ' || CAST(CAST(t.valid_from AS DATE) AS VARCHAR), '') || ' (' || t.source || ')'
            || CASE WHEN t.basis = 5 THEN ': by name alone' WHEN t.kind = 'abused' AND (t.shared OR t.common) THEN ': also signs good software' ELSE '' END) AS sentence
    FROM touched AS t
    JOIN learned AS n ON n.id = t.statement
    GROUP BY t.host, t.program, t.stay_id
)
SELECT
    s.host, COALESCE(y.path, s.path, s.program) AS program, s.stay_id, s.sentence, COALESCE(least(y.first_seen, s.since), s.since) AS since,
    COALESCE(greatest(y.last_seen, s.until), s.until) AS until, y.departure IS NULL AS present, r.rank AS rank_after, r.weight_db AS weight_after
FROM said AS s
LEFT JOIN stay AS y ON y.stay_id = s.stay_id
LEFT JOIN ranked AS r ON r.stay_id = s.stay_id
