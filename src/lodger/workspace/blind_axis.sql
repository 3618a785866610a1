-- The days from which records came: the first and the last, and those between which 98 of 100 of what was heard lie (a clock that
-- was set wrong may have written one record of another century).
WITH by_day AS (
    SELECT day, COUNT(*) AS spoken FROM coverage_day GROUP BY day
),
running AS (
    SELECT day, sum(spoken) OVER (ORDER BY day) AS upto, sum(spoken) OVER () AS spoken FROM by_day
)
SELECT
    min(day) AS first_day, max(day) AS last_day,
    min(CASE WHEN upto >= 0.01 * spoken THEN day END) AS low_day, min(CASE WHEN upto >= 0.99 * spoken THEN day END) AS high_day
FROM running
