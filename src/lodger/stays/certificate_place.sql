-- The destinations that showed one certificate, where they are several: names and addresses of one who answers for all of them. Bound by
-- prevalence: certificates of hosting and of large services stand for thousands of unrelated places, and nearly every host meets them.
-- So only those count that one program of at most one host in twenty goes to, all their places taken together.
WITH several AS (
    SELECT certificate, destination
    FROM (SELECT DISTINCT certificate, destination FROM certificate_shown) AS shown
    QUALIFY COUNT(*) OVER (PARTITION BY certificate) > 1
),
goer AS (
    SELECT DISTINCT host, program, destination FROM contact_pair WHERE own AND NOT called
),
met AS (
    SELECT s.certificate, COUNT(DISTINCT g.host) AS hosts, COUNT(DISTINCT g.program) AS programs
    FROM several AS s JOIN goer AS g ON g.destination = s.destination
    GROUP BY s.certificate
),
fleet AS (
    SELECT COUNT(DISTINCT host) AS hosts FROM contact_pair WHERE NOT called
)
SELECT s.certificate, s.destination
FROM several AS s
JOIN met AS m ON m.certificate = s.certificate
CROSS JOIN fleet AS f
WHERE m.programs = 1 AND m.hosts <= greatest(1, f.hosts / 20)
