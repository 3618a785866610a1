-- Rollup: what a program's processes did on one UTC day.
WITH act AS (
    SELECT a.host, a.stay_id, a.program, CAST(p.start AS DATE) AS day, p.start AS time, p.ref, 1 AS launches, 0 AS files
    FROM acting AS a JOIN process AS p ON p.host = a.host AND p.uid = a.uid
    WHERE p.start IS NOT NULL AND a.distance = 0
    UNION ALL
    SELECT a.host, a.stay_id, a.program, CAST(p.last_seen AS DATE), p.last_seen, p.ref, 0, 0
    FROM acting AS a JOIN process AS p ON p.host = a.host AND p.uid = a.uid
    WHERE a.distance = 0
    UNION ALL
    SELECT a.host, a.stay_id, a.program, CAST(p.first_seen AS DATE), p.first_seen, p.ref, 0, 0
    FROM acting AS a JOIN process AS p ON p.host = a.host AND p.uid = a.uid
    WHERE a.distance = 0
    UNION ALL
    SELECT a.host, a.stay_id, a.program, CAST(f.time AS DATE), f.time, f.ref, 0, 1
    FROM acting AS a JOIN file_activity AS f ON f.device_hostname = a.host AND f.actor_process_uid = a.uid
    UNION ALL
    SELECT host, stay_id, program, CAST(time AS DATE), time, ref, 0, 0
    FROM stay_contact
    UNION ALL
    SELECT host, stay_id, program, CAST(time AS DATE), time, ref, 0, 0
    FROM stay_call
    UNION ALL
    SELECT host, stay_id, program, CAST(time AS DATE), time, ref, 0, 0
    FROM lookup
    UNION ALL
    SELECT k.device_hostname, substr(sha256(k.device_hostname || '|' || n.program), 1, 12), n.program, CAST(k.time AS DATE), k.time, k.ref, 1, 0
    FROM kernel_extension_activity AS k JOIN file_name AS n ON n.path = k.driver_file_path
),
rolled AS (
    SELECT host, stay_id, program, day, min(time) AS first_seen, max(time) AS last_seen, CAST(sum(launches) AS BIGINT) AS launches,
        CAST(sum(files) AS BIGINT) AS files
    FROM act
    GROUP BY host, stay_id, program, day
),
beginning AS (
    SELECT a.host, a.stay_id, a.program, a.day, min(a.ref) AS ref
    FROM act AS a
    JOIN rolled AS r ON r.host = a.host AND r.stay_id IS NOT DISTINCT FROM a.stay_id AND r.program IS NOT DISTINCT FROM a.program AND r.first_seen = a.time
    GROUP BY a.host, a.stay_id, a.program, a.day
)
SELECT r.host, r.stay_id, r.program, r.day, r.first_seen, r.last_seen, r.launches, r.files, b.ref
FROM rolled AS r
JOIN beginning AS b ON b.host = r.host AND b.stay_id IS NOT DISTINCT FROM r.stay_id AND b.program IS NOT DISTINCT FROM r.program AND b.day = r.day
