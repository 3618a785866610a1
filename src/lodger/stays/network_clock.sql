-- How far the network sensor's clock is ahead of each host's, in seconds, over all days: the median of the pairs. What is off by a
-- lifetime is no clock (and no INTERVAL). clock_day has it day by day; this stands in where a day has nothing to say.
SELECT host, COUNT(*) AS pairs, CAST(median(gap) AS DOUBLE) / 1000 AS ahead_seconds
FROM clock_pair
GROUP BY host
HAVING COUNT(*) >= 2 AND abs(median(gap)) <= 2000000000000
