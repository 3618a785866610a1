-- How many hosts have sensors of their own.
SELECT COUNT(DISTINCT host) AS hosts FROM coverage_day
