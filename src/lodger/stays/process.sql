-- One row per process instance that these days mention: everything that any record says of it. Sysmon's ProcessGuid names an instance;
-- launches that only the audit log saw are instances of their own. An instance that ran before the records begin has no launch, but
-- is known by what it did; one of the days before these (earlier_instance) has what was known of it, but `start`, `first_seen` and `ref`
-- are of these days. `ref` is the launch, or else the first record that mentions the instance.
WITH mention AS (
    SELECT device_hostname AS host, process_uid AS uid, process_pid AS pid, process_file_path AS path, time, ref
    FROM process_activity WHERE process_uid IS NOT NULL
    UNION ALL
    SELECT device_hostname, actor_process_uid, actor_process_pid, actor_process_file_path, time, ref
    FROM process_activity WHERE actor_process_uid IS NOT NULL AND actor_process_file_path IS NOT NULL
    UNION ALL
    SELECT device_hostname, process_uid, NULL, process_file_path, time, ref FROM module_activity WHERE process_uid IS NOT NULL
    UNION ALL
    SELECT device_hostname, actor_process_uid, NULL, actor_process_file_path, time, ref
    FROM file_activity WHERE actor_process_uid IS NOT NULL AND actor_process_file_path IS NOT NULL
    UNION ALL
    SELECT device_hostname, actor_process_uid, NULL, actor_process_file_path, time, ref
    FROM registry_activity WHERE actor_process_uid IS NOT NULL AND actor_process_file_path IS NOT NULL
    UNION ALL
    SELECT device_hostname, process_uid, process_pid, process_file_path, time, ref
    FROM network_activity WHERE process_uid IS NOT NULL AND process_file_path IS NOT NULL
    UNION ALL
    SELECT device_hostname, process_uid, NULL, process_file_path, time, ref
    FROM dns_activity WHERE process_uid IS NOT NULL AND process_file_path IS NOT NULL
),
instance AS (
    SELECT host, uid, max(pid) AS pid, max(path) AS path, min(time) AS first_seen, max(time) AS last_seen
    FROM mention
    WHERE path IS NOT NULL AND uid <> '00000000-0000-0000-0000-000000000000'
    GROUP BY host, uid
),
mentioned_first AS (
    SELECT m.host, m.uid, min(m.ref) AS ref
    FROM mention AS m JOIN instance AS i ON i.host = m.host AND i.uid = m.uid AND i.first_seen = m.time
    GROUP BY m.host, m.uid
),
launch AS (
    SELECT
        device_hostname AS host, process_uid AS uid, min(time) AS start, min(process_cmd_line) AS cmd_line,
        min(actor_process_uid) AS parent_uid, min(actor_user_name) AS user_name, min(process_file_hashes) AS hashes,
        min(process_file_original_name) AS original_name, min(process_file_company_name) AS company_name, min(ref) AS ref
    FROM process_activity
    WHERE activity_name = 'Launch' AND process_uid IS NOT NULL
    GROUP BY device_hostname, process_uid
),
told_by_children AS (
    SELECT device_hostname AS host, actor_process_uid AS uid, min(actor_process_cmd_line) AS cmd_line
    FROM process_activity
    WHERE activity_name = 'Launch' AND actor_process_uid IS NOT NULL AND actor_process_cmd_line IS NOT NULL
    GROUP BY device_hostname, actor_process_uid
),
ended AS (
    SELECT device_hostname AS host, process_uid AS uid, max(time) AS ended
    FROM process_activity
    WHERE activity_name = 'Terminate' AND process_uid IS NOT NULL
    GROUP BY device_hostname, process_uid
),
audited AS (
    SELECT
        a.device_hostname AS host, 'launch:' || a.ref AS uid, a.process_pid AS pid, a.process_file_path AS path, a.time AS start,
        a.process_cmd_line AS cmd_line, a.actor_process_pid AS parent_pid, a.actor_user_name AS user_name, a.ref
    FROM process_activity AS a
    WHERE a.activity_name = 'Launch' AND a.process_uid IS NULL
        AND NOT EXISTS (
            SELECT 1
            FROM process_activity AS s
            WHERE s.activity_name = 'Launch' AND s.process_uid IS NOT NULL AND s.device_hostname = a.device_hostname
                AND s.process_pid = a.process_pid AND abs(date_diff('second', s.time, a.time)) <= 10
        )
),
all_instances AS (
    SELECT
        i.host, i.uid, COALESCE(b.pid, i.pid) AS pid, COALESCE(b.path, i.path) AS path,
        CASE WHEN b.uid IS NULL THEN COALESCE(l.cmd_line, t.cmd_line) ELSE b.cmd_line END AS cmd_line, COALESCE(b.user_name, l.user_name) AS user_name,
        l.start, i.first_seen, i.last_seen, e.ended, CASE WHEN b.uid IS NULL THEN l.parent_uid ELSE b.parent_uid END AS parent_uid,
        CAST(NULL AS BIGINT) AS parent_pid, COALESCE(b.hashes, l.hashes) AS hashes, COALESCE(b.original_name, l.original_name) AS original_name,
        COALESCE(b.company_name, l.company_name) AS company_name, COALESCE(l.ref, f.ref) AS ref
    FROM instance AS i
    JOIN mentioned_first AS f ON f.host = i.host AND f.uid = i.uid
    LEFT JOIN launch AS l ON l.host = i.host AND l.uid = i.uid
    LEFT JOIN told_by_children AS t ON t.host = i.host AND t.uid = i.uid
    LEFT JOIN ended AS e ON e.host = i.host AND e.uid = i.uid
    LEFT JOIN earlier_instance AS b ON b.host = i.host AND b.uid = i.uid
    UNION ALL
    SELECT host, uid, pid, path, cmd_line, user_name, start, start, start, NULL, NULL, parent_pid, NULL, NULL, NULL, ref
    FROM audited
),
candidate AS (
    SELECT host, uid, pid, first_seen FROM all_instances
    UNION ALL
    SELECT e.host, e.uid, e.pid, e.last_seen FROM earlier_instance AS e
),
audited_parent AS (
    SELECT c.host, c.uid, p.uid AS parent_uid
    FROM all_instances AS c
    JOIN candidate AS p ON p.host = c.host AND p.pid = c.parent_pid AND p.first_seen <= c.start AND p.uid <> c.uid
    WHERE c.parent_pid IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY c.host, c.uid ORDER BY p.first_seen DESC, p.uid) = 1
)
SELECT
    a.host, a.uid, a.pid, a.path, a.cmd_line, a.user_name, a.start, a.first_seen, a.last_seen, a.ended,
    COALESCE(a.parent_uid, p.parent_uid) AS parent_uid, a.hashes, a.original_name, a.company_name, a.ref
FROM all_instances AS a
LEFT JOIN audited_parent AS p ON p.host = a.host AND p.uid = a.uid
