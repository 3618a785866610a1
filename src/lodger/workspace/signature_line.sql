-- When which word was first and last said of a stay's own file: one row per word.
SELECT
    y.stay_id, min(g.first_said) AS first_said, max(g.last_said) AS last_said, CAST(sum(g.observations) AS BIGINT) AS observations,
    COUNT(DISTINCT COALESCE(g.sha256, g.sha1, g.md5)) AS files,
    CASE
        WHEN NOT g.is_signed THEN 'not signed'
        WHEN g.is_signed THEN 'signed by ' || COALESCE(g.signer, 'an unnamed signer') || COALESCE(' (issuer ' || g.issuer || ')', '') || COALESCE(' on ' || CAST(CAST(g.signed_at AS DATE) AS VARCHAR), '') || COALESCE(', ' || lower(g.status), '')
        ELSE 'spoken of by ' || g.sensor || COALESCE(', ' || lower(g.status), '')
    END AS word,
    g.sensor
FROM signature AS g
JOIN stay AS y ON y.host = g.host AND y.program = g.program
WHERE g.role IN ('image', 'driver', 'module') AND g.sensor <> 'launch'
GROUP BY y.stay_id, g.is_signed, g.signer, g.issuer, g.signed_at, g.status, g.sensor
