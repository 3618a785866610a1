-- At least two tools of discovery, on whatever days. net starts net1 for itself: the two are one.
SELECT r.stay_id, min(r.first) AS first, max(r.last) AS last, array_slice(list_sort(list_distinct(flatten(list(r.refs)))), 1, 20) AS refs,
    CAST(sum(r.records) AS BIGINT) AS records, list_sort(list_distinct(flatten(list(r.tools)))) AS tools
FROM discovery_by_children_rows AS r
GROUP BY r.stay_id
HAVING array_length(list_distinct(list_transform(flatten(list(r.tools)), lambda t: CASE WHEN t = 'net1.exe' THEN 'net.exe' ELSE t END))) >= 2
