-- Where a person finds the files that one stay's evidence comes from.
SELECT s.source, min(s.name) AS name
FROM source AS s
SEMI JOIN (
    SELECT DISTINCT split_part(ref, ':', 1) AS source
    FROM (SELECT unnest(refs) AS ref FROM evidence WHERE stay_id = $stay_id) AS behind
) AS b ON b.source = s.source
GROUP BY s.source
