-- Every process instance that may still act: those that these days mention, and those of the days before them that ran on. `time` is since
-- when it is known to have run.
SELECT host, uid, pid, path, cmd_line, user_name, start, ended, first_seen AS time, last_seen, parent_uid, hashes, original_name, company_name
FROM process
UNION ALL
SELECT e.host, e.uid, e.pid, e.path, e.cmd_line, e.user_name, NULL, NULL, e.last_seen, e.last_seen, e.parent_uid, e.hashes, e.original_name, e.company_name
FROM earlier_instance AS e
WHERE NOT EXISTS (SELECT 1 FROM process AS p WHERE p.host = e.host AND p.uid = e.uid)
