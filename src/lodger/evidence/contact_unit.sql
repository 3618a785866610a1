-- Every unit of contact of `unit_day`, with at least four calls; of names, addresses and domains together only where there are several, of
-- questions where they are not mostly those by which a cache renews what runs out. `times` are the calls that its kept state does not
-- have, all where there is none, in one list; `refs` the first record of each day (at most twenty).
WITH part AS (
    SELECT d.host, d.stay_id, d.unit, d.name, d.part, d.place, d.day, d.contacts, d.told, d.refreshed, d.ref,
        CASE WHEN k.last IS NULL THEN d.times ELSE list_filter(d.times, lambda t: t > k.last) END AS times
    FROM unit_day AS d
    LEFT JOIN unit_known AS k ON k.host = d.host AND k.stay_id = d.stay_id AND k.unit = d.unit AND k.name = d.name
)
SELECT host, stay_id, unit, name,
    max(CASE unit WHEN 'lookup' THEN 'lookups of ' || name ELSE name END) AS destination,
    list_sort(list(DISTINCT place)) AS destinations, COUNT(*) AS days,
    flatten(list_sort(list(times))) AS times, CAST(sum(contacts) AS BIGINT) AS contacts,
    array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs
FROM part
WHERE unit IN ('destination', 'caller', 'lookup')
GROUP BY host, stay_id, unit, name
HAVING sum(contacts) >= 4 AND (unit <> 'lookup' OR 2 * sum(refreshed) <= greatest(sum(told), 1))
UNION ALL
SELECT host, stay_id, unit, name,
    CASE WHEN unit = 'places' THEN CAST(COUNT(DISTINCT part) AS VARCHAR) || ' rare places'
        WHEN unit = 'lookups' THEN 'lookups of ' || CAST(COUNT(DISTINCT part) AS VARCHAR) || ' names of ' || name
        ELSE name || ' by ' || CAST(COUNT(DISTINCT part) AS VARCHAR) || CASE WHEN unit = 'certificate' THEN ' places' ELSE ' names' END END,
    list_sort(list(DISTINCT place)), COUNT(DISTINCT day),
    list_sort(flatten(list(times))), CAST(sum(contacts) AS BIGINT),
    array_slice(list_sort(list(DISTINCT ref)), 1, 20)
FROM part
WHERE unit NOT IN ('destination', 'caller', 'lookup')
GROUP BY host, stay_id, unit, name
HAVING sum(contacts) >= 4 AND COUNT(DISTINCT part) > 1 AND (unit <> 'lookups' OR 2 * sum(refreshed) <= greatest(sum(told), 1))
