-- Every unit of contact of `unit_part` with at least four calls; of names, addresses and domains together only where there are several, of
-- questions where they are not mostly those by which a cache renews what runs out. `mark` tells its calls from others. A destination, a caller and
-- a name asked for has one place.
SELECT host, stay_id, unit, name,
    max(CASE unit WHEN 'lookup' THEN 'lookups of ' || name ELSE name END) AS destination,
    [min(place)] AS destinations, CAST(sum(contacts) AS BIGINT) AS contacts, CAST(sum(mark) % 281474976710656 AS BIGINT) AS mark
FROM unit_part
WHERE unit IN ('destination', 'caller', 'lookup')
GROUP BY host, stay_id, unit, name
HAVING sum(contacts) >= 4 AND (unit <> 'lookup' OR 2 * sum(refreshed) <= greatest(sum(told), 1))
UNION ALL
SELECT host, stay_id, unit, name,
    CASE WHEN unit = 'places' THEN CAST(COUNT(DISTINCT part) AS VARCHAR) || ' rare places'
        WHEN unit = 'lookups' THEN 'lookups of ' || CAST(COUNT(DISTINCT part) AS VARCHAR) || ' names of ' || name
        ELSE name || ' by ' || CAST(COUNT(DISTINCT part) AS VARCHAR) || CASE WHEN unit = 'certificate' THEN ' places' ELSE ' names' END END,
    list_sort(list(DISTINCT place)), CAST(sum(contacts) AS BIGINT), CAST(sum(mark) % 281474976710656 AS BIGINT)
FROM unit_part
WHERE unit NOT IN ('destination', 'caller', 'lookup')
GROUP BY host, stay_id, unit, name
HAVING sum(contacts) >= 4 AND COUNT(DISTINCT part) > 1 AND (unit <> 'lookups' OR 2 * sum(refreshed) <= greatest(sum(told), 1))
