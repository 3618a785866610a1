-- host_claim with what was said on the days before these: what still holds.
SELECT ip, host, rank, word, day, since, until, held, reached, words FROM host_claim
UNION ALL
SELECT ip, host, rank, word, day, since, until, held, reached, words FROM earlier_claim
