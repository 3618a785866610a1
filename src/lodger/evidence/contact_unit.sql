-- What a stay may do regularly, with all its times: `unit` says what it is, `destinations` by what its prevalence is told, `refs` the first
-- record of each day (at most twenty).
--   destination  calls to one place, at least four
--   address      to all names of one address together, because check-ins may be spread over names (a day on which a name had several
--                addresses tells nothing of one); likewise
--   domain       to all names of one registrable domain, and
--   certificate  to all names and addresses that showed one certificate;
--                of all three only places that at most one host in twenty (one, in a small fleet) goes to: what is popular is judged by
--                itself, so that an address, domain or certificate of many services welds none of them to another
--   caller       calls by one other end to the program that listens, at least four
--   lookup       questions for one name that no connection follows, or (lookups) for several names of one domain: at least four, not mostly
--                those by which a cache renews what runs out, and for what at most one host in twenty (one, in a small fleet) asks for
WITH place AS (
    SELECT host, stay_id, 'destination' AS unit, destination AS name, destination, day, times, contacts, ref FROM contact_day
    UNION ALL
    SELECT host, stay_id, 'caller', destination, destination, day, times, contacts, ref FROM call_day
),
behind AS (
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
spread_out AS (
    SELECT a.host, a.stay_id, 'address' AS unit, a.address AS name, a.destination, a.day, a.times, a.contacts, a.ref
    FROM alone AS a
    JOIN rare AS k ON k.destination = a.destination
    WHERE a.addresses = 1
    UNION ALL
    SELECT c.host, c.stay_id, 'domain', d.domain, c.destination, c.day, c.times, c.contacts, c.ref
    FROM contact_day AS c
    JOIN rare AS k ON k.destination = c.destination
    JOIN destination_domain AS d ON d.destination = c.destination
    UNION ALL
    SELECT c.host, c.stay_id, 'certificate', 'certificate ' || substr(p.certificate, 1, 80), c.destination, c.day, c.times, c.contacts, c.ref
    FROM contact_day AS c
    JOIN rare AS k ON k.destination = c.destination
    JOIN certificate_place AS p ON p.destination = c.destination
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
SELECT host, stay_id, unit, destination, list_sort(list(DISTINCT destination)) AS destinations, COUNT(*) AS days,
    flatten(list_sort(list(times))) AS times, CAST(sum(contacts) AS BIGINT) AS contacts, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs
FROM place
GROUP BY host, stay_id, unit, destination
HAVING sum(contacts) >= 4
UNION ALL
SELECT host, stay_id, unit, name || ' by ' || CAST(COUNT(DISTINCT destination) AS VARCHAR) || CASE WHEN unit = 'certificate' THEN ' places' ELSE ' names' END,
    list_sort(list(DISTINCT destination)), COUNT(DISTINCT day), list_sort(flatten(list(times))), CAST(sum(contacts) AS BIGINT),
    array_slice(list_sort(list(DISTINCT ref)), 1, 20)
FROM spread_out
GROUP BY host, stay_id, unit, name
HAVING COUNT(DISTINCT destination) > 1 AND sum(contacts) >= 4
UNION ALL
SELECT q.host, q.stay_id, q.unit,
    CASE WHEN q.unit = 'lookup' THEN 'lookups of ' || q.name ELSE 'lookups of ' || CAST(COUNT(DISTINCT q.asked) AS VARCHAR) || ' names of ' || q.name END,
    list_value('lookups of ' || q.name), COUNT(DISTINCT q.day), list_sort(flatten(list(q.times))), CAST(sum(q.lookups) AS BIGINT),
    array_slice(list_sort(list(DISTINCT q.ref)), 1, 20)
FROM question AS q
JOIN asker AS a ON a.unit = q.unit AND a.name = q.name
CROSS JOIN fleet AS f
WHERE a.hosts <= greatest(1, f.hosts / 20)
GROUP BY q.host, q.stay_id, q.unit, q.name
HAVING sum(q.lookups) >= 4 AND 2 * sum(q.refreshed) <= greatest(sum(q.told), 1) AND (q.unit = 'lookup' OR COUNT(DISTINCT q.asked) > 1)
