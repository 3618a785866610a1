-- Either end may be ours: calls that came in from an address outside, by the program that was called. A service for the public is called by
-- many: at most three addresses may, and the program be called so on one host in fifty.
WITH caller AS (
    SELECT stay_id, caller FROM called_from_outside_rows GROUP BY stay_id, caller HAVING COUNT(DISTINCT day) >= 3
),
spread AS (
    SELECT stay_id, max(program) AS program, COUNT(DISTINCT caller) AS callers FROM called_from_outside_rows GROUP BY stay_id
),
family AS (
    SELECT program, COUNT(DISTINCT host) AS hosts FROM called_from_outside_rows GROUP BY program
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT c.stay_id, min(c.first) AS first, max(c.last) AS last, array_slice(list_sort(list_distinct(flatten(list(c.refs)))), 1, 20) AS refs,
    CAST(sum(c.records) AS BIGINT) AS records, list_sort(list(DISTINCT c.caller)) AS callers, list_sort(list(DISTINCT c.port)) AS ports,
    CAST(sum(c.records) AS BIGINT) AS calls, COUNT(DISTINCT c.day) AS days, CAST(min(c.day) AS VARCHAR) AS since,
    max(s.callers) AS all_callers, max(m.hosts) AS hosts, max(f.hosts) AS fleet_hosts
FROM called_from_outside_rows AS c
JOIN caller AS k ON k.stay_id = c.stay_id AND k.caller = c.caller
JOIN spread AS s ON s.stay_id = c.stay_id
JOIN family AS m ON m.program = s.program
CROSS JOIN fleet AS f
WHERE s.callers <= 3 AND m.hosts <= greatest(1, f.hosts / 50)
GROUP BY c.stay_id
