-- What a stay may do regularly, in parts: `unit` says what it is, `name` which one, `part` by what of it (where it is several), `place` by
-- what its prevalence is told. `times` are the last ten thousand calls of a part, `mark` what tells them from others;
-- those of a unit may be in several rows.
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
WITH fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
rare AS (
    SELECT c.destination
    FROM contact_pair AS c
    CROSS JOIN fleet AS f
    WHERE NOT c.called
    GROUP BY c.destination
    HAVING COUNT(DISTINCT c.host) <= greatest(1, max(f.hosts) / 20)
),
few AS (
    SELECT c.host, c.stay_id, c.destination, c.named, c.address, c.times, c.mark, c.contacts, c.refs
    FROM contact_sum AS c
    JOIN rare AS k ON k.destination = c.destination
    WHERE NOT c.called
),
question AS (
    SELECT host, stay_id, 'lookup' AS unit, name, name AS asked, times, mark, lookups, told, refreshed, refs FROM lookup_sum
    UNION ALL
    SELECT l.host, l.stay_id, 'lookups', d.domain, l.name, l.times, l.mark, l.lookups, l.told, l.refreshed, l.refs
    FROM lookup_sum AS l
    JOIN destination_domain AS d ON d.destination = l.name
),
asker AS (
    SELECT unit, name, COUNT(DISTINCT host) AS hosts FROM question GROUP BY unit, name
)
SELECT host, stay_id, CASE WHEN called THEN 'caller' ELSE 'destination' END AS unit, destination AS name, destination AS part, destination AS place, times, mark,
    contacts, CAST(0 AS BIGINT) AS told, CAST(0 AS BIGINT) AS refreshed, refs
FROM contact_sum
UNION ALL
SELECT host, stay_id, 'address', address, destination, destination, times, mark, contacts, 0, 0, refs FROM few WHERE named AND address IS NOT NULL
UNION ALL
SELECT c.host, c.stay_id, 'domain', d.domain, c.destination, c.destination, c.times, c.mark, c.contacts, 0, 0, c.refs
FROM few AS c
JOIN destination_domain AS d ON d.destination = c.destination
UNION ALL
SELECT c.host, c.stay_id, 'certificate', 'certificate ' || substr(p.certificate, 1, 80), c.destination, c.destination, c.times, c.mark, c.contacts, 0, 0, c.refs
FROM few AS c
JOIN certificate_place AS p ON p.destination = c.destination
UNION ALL
SELECT c.host, c.stay_id, 'places', 'rare places', c.destination, c.destination, c.times, c.mark, c.contacts, 0, 0, c.refs
FROM few AS c
JOIN place_spread AS p ON p.destination = c.destination AND p.rare
JOIN stay AS s ON s.stay_id = c.stay_id
WHERE s.kind = 'process' AND s.role <> 'opener'
UNION ALL
SELECT q.host, q.stay_id, q.unit, q.name, q.asked, 'lookups of ' || q.name, q.times, q.mark, q.lookups, q.told, q.refreshed, q.refs
FROM question AS q
JOIN asker AS a ON a.unit = q.unit AND a.name = q.name
CROSS JOIN fleet AS f
WHERE a.hosts <= greatest(1, f.hosts / 20)
