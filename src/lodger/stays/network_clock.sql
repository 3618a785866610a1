-- How far the network sensor's clock is ahead of each host's, in seconds, over all of these days: the median of the pairs; where they have
-- none, that of the days before them. What is off by a lifetime is no clock (and no INTERVAL). clock_day has it day by day; this
-- stands in where a day has nothing to say.
WITH measured AS (
    SELECT host, COUNT(*) AS pairs, CAST(median(gap) AS DOUBLE) / 1000 AS ahead_seconds
    FROM clock_pair
    GROUP BY host
    HAVING COUNT(*) >= 2 AND abs(median(gap)) <= 2000000000000
)
SELECT host, pairs, ahead_seconds FROM measured
UNION ALL
SELECT e.host, e.pairs, e.ahead_seconds FROM earlier_network_clock AS e WHERE NOT EXISTS (SELECT 1 FROM measured AS m WHERE m.host = e.host)
