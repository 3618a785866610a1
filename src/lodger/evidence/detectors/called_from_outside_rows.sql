-- Calls that came in from an address outside, by the day: one row per program that was called, caller, port and day. Of a service for the
-- public four callers a day are enough to know it as one; `refs` are the first twenty records.
WITH call AS (
    SELECT host, stay_id, program, CAST(time AS DATE) AS day, src_ip AS caller, dst_port AS port, min(time) AS first, max(time) AS last,
        array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records
    FROM stay_call
    WHERE outside
    GROUP BY host, stay_id, program, CAST(time AS DATE), src_ip, dst_port
)
SELECT host, stay_id, program, day, caller, port, first, last, refs, records
FROM call
QUALIFY dense_rank() OVER (PARTITION BY stay_id, day ORDER BY caller) <= 4
