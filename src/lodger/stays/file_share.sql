-- Places where the machines of the house share files and printers with each other: SMB and NetBIOS at private addresses (RFC 1918) and those of
-- hosts of the fleet. The system goes there for every program and person of a host, so how few go there, how much is sent and that no name was
-- asked for say nothing of a program. Who reaches many of them, calls one at regular times, or goes on from there is asked elsewhere.
WITH place AS (
    SELECT DISTINCT destination, regexp_extract(destination, '^(.*):(139|445)$', 1) AS ip
    FROM contact_pair
    WHERE regexp_matches(destination, ':(139|445)$')
)
SELECT p.destination
FROM place AS p
WHERE regexp_matches(p.ip, '^(10|192[.]168|172[.](1[6-9]|2[0-9]|3[01]))[.][0-9.]+$')
    OR EXISTS (SELECT 1 FROM host_address AS a WHERE a.ip = p.ip)
