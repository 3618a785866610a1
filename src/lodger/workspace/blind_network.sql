-- The hosts of stays that no sensor of their own ever told of.
WITH apart AS (
    SELECT DISTINCT s.host FROM stay AS s ANTI JOIN coverage_day AS c ON c.host = s.host
)
SELECT host, COUNT(*) OVER () AS hosts FROM apart ORDER BY host LIMIT 12
