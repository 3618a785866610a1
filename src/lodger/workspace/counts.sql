-- What an analysis looked at.
SELECT COUNT(DISTINCT host) AS hosts, COUNT(DISTINCT program) AS programs, COUNT(*) AS stays, (SELECT COUNT(*) FROM evidence) AS evidence
FROM stay
