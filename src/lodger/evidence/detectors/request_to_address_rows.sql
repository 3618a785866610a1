-- HTTP requests without a name (Host blank, or an address), by address, port and day.
WITH bare AS (
    SELECT stay_id, host, dst_ip || ':' || CAST(dst_port AS VARCHAR) AS place, time, ref
    FROM stay_contact
    WHERE is_http AND (http_host IS NULL OR regexp_matches(http_host, '^([0-9]+[.][0-9]+[.][0-9]+[.][0-9]+|[[]?[0-9a-f:]*:[0-9a-f:.]*:[0-9a-f:.]*[]]?)$'))
)
SELECT stay_id, host, place, CAST(time AS DATE) AS day, min(time) AS first, max(time) AS last,
    array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records
FROM bare
GROUP BY stay_id, host, place, CAST(time AS DATE)
