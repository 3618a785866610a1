-- What never came from a host that is otherwise heard, over the fleet: of each need, on how many hosts of how many.
SELECT u.need, COUNT(*) AS hosts, (SELECT COUNT(DISTINCT host) FROM coverage_day WHERE host IS NOT NULL) AS heard
FROM unseen AS u
GROUP BY u.need
ORDER BY hosts DESC, u.need
