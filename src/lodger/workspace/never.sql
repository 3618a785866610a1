-- What never came from one host, by what its absence means.
SELECT need, means FROM unseen WHERE host = $host ORDER BY means
