-- One program on one host: its whole life as far as the records reach.
--   arrival    its file was written or its service set up before it first ran; else its first act, where the host had been heard
--              for a day before; else unknown (it was there when the records begin)
--   departure  its file was deleted and it never acted again
WITH life AS (
    SELECT host, stay_id, min(program) AS program, min(first_seen) AS first_seen, max(last_seen) AS last_seen,
        CAST(sum(launches) AS BIGINT) AS launches, COUNT(DISTINCT day) AS days, min(CASE WHEN first_seen = first_time THEN ref END) AS ref
    FROM (SELECT *, min(first_seen) OVER (PARTITION BY host, stay_id) AS first_time FROM program_day) AS dated
    GROUP BY host, stay_id
),
written AS (
    SELECT l.stay_id, o.time, o.ref, COALESCE(o.actor_name, o.actor_path) AS by_whom
    FROM own_file AS o
    JOIN life AS l ON l.host = o.host AND l.program = o.program
    WHERE o.activity_name IN ('Create', 'Create Stream') AND o.time <= l.first_seen + INTERVAL 10 SECOND
    QUALIFY row_number() OVER (PARTITION BY l.stay_id ORDER BY o.time, o.ref) = 1
),
deleted AS (
    SELECT l.stay_id, o.time, o.ref
    FROM own_file AS o
    JOIN life AS l ON l.host = o.host AND l.program = o.program
    WHERE o.activity_name = 'Delete'
    QUALIFY row_number() OVER (PARTITION BY l.stay_id ORDER BY o.time DESC, o.ref) = 1
),
set_up AS (
    SELECT l.stay_id, a.time, a.ref, a.kind
    FROM autostart AS a
    JOIN life AS l ON l.host = a.host AND l.program = a.program
    WHERE a.activity_name = 'Create' AND a.time <= l.first_seen + INTERVAL 10 SECOND
    QUALIFY row_number() OVER (PARTITION BY l.stay_id ORDER BY a.time, a.ref) = 1
)
SELECT
    l.stay_id, l.host, l.program, COALESCE(n.name, d.name, l.program) AS name, COALESCE(n.path, d.path, l.program) AS path,
    COALESCE(n.place, d.place, 'other') AS place, COALESCE(n.role, 'plain') AS role,
    CASE WHEN l.program LIKE 'network: %' THEN 'network' WHEN n.program IS NULL AND d.program IS NOT NULL THEN 'driver' ELSE 'process' END AS kind,
    COALESCE(n.hashes, d.hashes) AS hashes, n.original_name, n.company_name, n.cmd_line, COALESCE(n.launch_seen, FALSE) AS launch_seen,
    s.is_signed, s.signer, s.status AS signature_status,
    l.first_seen, l.last_seen, l.days, l.launches, l.ref, h.first_heard, h.last_heard,
    COALESCE(
        least(w.time, u.time), w.time, u.time,
        CASE WHEN l.first_seen > h.first_heard + INTERVAL 1 DAY AND l.program NOT LIKE 'network: %' THEN l.first_seen END
    ) AS arrival,
    CASE
        WHEN w.time IS NOT NULL THEN 'written by ' || COALESCE(w.by_whom, 'an unknown program')
        WHEN u.time IS NOT NULL THEN 'set up as ' || u.kind
        WHEN l.first_seen > h.first_heard + INTERVAL 1 DAY AND l.program NOT LIKE 'network: %' THEN 'first seen'
    END AS arrival_how,
    COALESCE(w.ref, u.ref) AS arrival_ref,
    CASE WHEN x.time >= l.last_seen - INTERVAL 10 MINUTE AND x.time > l.first_seen THEN x.time END AS departure,
    CASE WHEN x.time >= l.last_seen - INTERVAL 10 MINUTE AND x.time > l.first_seen THEN x.ref END AS departure_ref
FROM life AS l
LEFT JOIN image AS n ON n.kind = 'process' AND n.host = l.host AND n.program = l.program
LEFT JOIN image AS d ON d.kind = 'driver' AND d.host = l.host AND d.program = l.program
LEFT JOIN program_signature AS s ON s.host = l.host AND s.program = l.program
LEFT JOIN written AS w ON w.stay_id = l.stay_id
LEFT JOIN set_up AS u ON u.stay_id = l.stay_id
LEFT JOIN deleted AS x ON x.stay_id = l.stay_id
LEFT JOIN host_span AS h ON h.host = l.host
