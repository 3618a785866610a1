-- The last day on which each host's clock was measured.
SELECT host, day, pairs, ahead_seconds, second, drift
FROM (
    SELECT host, day, pairs, ahead_seconds, second, drift FROM clock_anchor
    UNION ALL
    SELECT host, day, pairs, ahead_seconds, second, drift FROM earlier_anchor
) AS anchor
QUALIFY row_number() OVER (PARTITION BY host ORDER BY day DESC, pairs DESC, ahead_seconds) = 1
