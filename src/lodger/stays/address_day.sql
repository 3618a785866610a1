-- host_address cut at midnights, so that it can be joined by address and day.
SELECT ip, host, many, day, greatest(since, CAST(day AS TIMESTAMP)) AS since, least(until, CAST(day AS TIMESTAMP) + INTERVAL 1 DAY) AS until
FROM (
    SELECT ip, host, many, since, until,
        CAST(unnest(generate_series(CAST(CAST(since AS DATE) AS TIMESTAMP), until, INTERVAL 1 DAY)) AS DATE) AS day
    FROM host_address
    WHERE until > since
) AS cut
WHERE least(until, CAST(day AS TIMESTAMP) + INTERVAL 1 DAY) > greatest(since, CAST(day AS TIMESTAMP))
