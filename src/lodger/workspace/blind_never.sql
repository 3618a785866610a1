-- What never came from each host in `blind_host`.
SELECT b.place, u.need FROM unseen AS u JOIN blind_host AS b ON b.host = u.host ORDER BY b.place, u.need
