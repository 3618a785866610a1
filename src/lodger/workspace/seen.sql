-- The kinds of record that came from each host.
SELECT h.host, c.kind
FROM (SELECT DISTINCT host FROM stay) AS h
LEFT JOIN coverage AS c ON c.host = h.host
