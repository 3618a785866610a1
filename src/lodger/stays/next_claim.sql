-- What the days after these must know of addresses: the words of the last 45 days (a lease holds for at most 30).
SELECT c.ip, c.host, c.rank, c.word, c.day, c.since, c.until, c.held, c.reached, c.words
FROM claim_known AS c
CROSS JOIN these_days AS d
WHERE c.day >= d.last_day - INTERVAL 45 DAY
