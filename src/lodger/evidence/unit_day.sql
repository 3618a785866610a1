-- What a stay may do regularly, by the day: `unit` says what it is, `name` which one, `part` by what of it (where it is several), `place` by
-- what its prevalence is told.
--   destination  calls to one place
--   address      to all names of one address together, because check-ins may be spread over names (a day on which a name had several
--                addresses tells nothing of one); likewise
--   domain       to all names of one registrable domain, and
--   certificate  to all names and addresses that showed one certificate;
--                of all three only places that at most one host in twenty (one, in a small fleet) goes to: what is popular is judged by
--                itself, so that an address, domain or certificate of many services welds none of them to another
--   places       to all rare places of one program together, because check-ins may go to several servers in turn; not of what people open
--                things with, whose rare places are a person's
--   caller       calls by one other end to the program that listens
--   lookup       questions for one name that no connection follows, or (lookups) for several names of one domain, for what at most one
--                host in twenty (one, in a small fleet) asks for
WITH behind AS (
    SELECT host, stay_id, destination, day, times, contacts, ref, unnest(addresses) AS address
    FROM contact_day
    WHERE named
),
alone AS (
    SELECT *, COUNT(*) OVER (PARTITION BY host, stay_id, destination, day) AS addresses FROM behind
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
rare AS (
    SELECT c.destination
    FROM contact_day AS c
    CROSS JOIN fleet AS f
    GROUP BY c.destination
    HAVING COUNT(DISTINCT c.host) <= greatest(1, max(f.hosts) / 20)
),
question AS (
    SELECT host, stay_id, 'lookup' AS unit, name, day, name AS asked, times, lookups, told, refreshed, ref FROM lookup_day
    UNION ALL
    SELECT l.host, l.stay_id, 'lookups', d.domain, l.day, l.name, l.times, l.lookups, l.told, l.refreshed, l.ref
    FROM lookup_day AS l
    JOIN destination_domain AS d ON d.destination = l.name
),
asker AS (
    SELECT unit, name, COUNT(DISTINCT host) AS hosts FROM question GROUP BY unit, name
)
SELECT host, stay_id, 'destination' AS unit, destination AS name, destination AS part, destination AS place, day, times, contacts,
    CAST(0 AS BIGINT) AS told, CAST(0 AS BIGINT) AS refreshed, ref
FROM contact_day
UNION ALL
SELECT host, stay_id, 'caller', destination, destination, destination, day, times, contacts, 0, 0, ref FROM call_day
UNION ALL
SELECT a.host, a.stay_id, 'address', a.address, a.destination, a.destination, a.day, a.times, a.contacts, 0, 0, a.ref
FROM alone AS a
JOIN rare AS k ON k.destination = a.destination
WHERE a.addresses = 1
UNION ALL
SELECT c.host, c.stay_id, 'domain', d.domain, c.destination, c.destination, c.day, c.times, c.contacts, 0, 0, c.ref
FROM contact_day AS c
JOIN rare AS k ON k.destination = c.destination
JOIN destination_domain AS d ON d.destination = c.destination
UNION ALL
SELECT c.host, c.stay_id, 'certificate', 'certificate ' || substr(p.certificate, 1, 80), c.destination, c.destination, c.day, c.times, c.contacts, 0, 0, c.ref
FROM contact_day AS c
JOIN rare AS k ON k.destination = c.destination
JOIN certificate_place AS p ON p.destination = c.destination
UNION ALL
SELECT c.host, c.stay_id, 'places', 'rare places', c.destination, c.destination, c.day, c.times, c.contacts, 0, 0, c.ref
FROM contact_day AS c
JOIN place_spread AS p ON p.destination = c.destination AND p.rare
JOIN stay AS s ON s.stay_id = c.stay_id
WHERE s.kind = 'process' AND s.role <> 'opener'
UNION ALL
SELECT q.host, q.stay_id, q.unit, q.name, q.asked, 'lookups of ' || q.name, q.day, q.times, q.lookups, q.told, q.refreshed, q.ref
FROM question AS q
JOIN asker AS a ON a.unit = q.unit AND a.name = q.name
CROSS JOIN fleet AS f
WHERE a.hosts <= greatest(1, f.hosts / 20)
