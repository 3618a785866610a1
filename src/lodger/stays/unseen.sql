-- What never came from a host that is otherwise heard: one row per host and need, with the events that would have met it, and what
-- their absence means. No finding that rests on such events can be read as innocence. An event type that a quiet host merely did
-- not happen to write looks the same as one that is not recorded; both are told. `event` is an id or a type; null: any.
WITH source(need, sensor, event) AS (
    VALUES
        ('launches', 'Sysmon', '1'), ('launches', 'Security', '4688'), ('launches', 'Linux-Sysmon', '1'), ('launches', 'auditd', 'EXECVE'),
        ('command lines', 'Sysmon', '1'), ('command lines', 'Security', '4688'),
        ('command lines', 'Linux-Sysmon', '1'), ('command lines', 'auditd', 'EXECVE'),
        ('exits', 'Sysmon', '5'), ('exits', 'Security', '4689'), ('exits', 'Linux-Sysmon', '5'),
        ('connections', 'Sysmon', '3'), ('connections', 'Security', '5156'), ('connections', 'Linux-Sysmon', '3'),
        ('drivers', 'Sysmon', '6'),
        ('modules', 'Sysmon', '7'),
        ('accesses', 'Sysmon', '8'), ('accesses', 'Sysmon', '10'), ('accesses', 'Linux-Sysmon', '10'),
        ('files', 'Sysmon', '11'), ('files', 'Linux-Sysmon', '11'),
        ('deletions', 'Sysmon', '23'), ('deletions', 'Sysmon', '26'), ('deletions', 'Linux-Sysmon', '23'),
        ('registry', 'Sysmon', '12'), ('registry', 'Sysmon', '13'), ('registry', 'Security', '4657'),
        ('names', 'Sysmon', '22'),
        ('logons', 'Security', '4624'), ('logons', 'auditd', 'USER_LOGIN'), ('logons', 'auditd', 'USER_START'), ('logons', 'auditd', 'LOGIN'),
        ('services', 'System', '7045'), ('services', 'Security', '4697'),
        ('tasks', 'Security', '4698'), ('tasks', 'TaskScheduler', '106'),
        ('scripts', 'PowerShell', '4104'),
        ('code integrity', 'CodeIntegrity', NULL)
),
need(system, need, sources, means) AS (
    VALUES
        ('windows', 'launches', 'Sysmon 1 or Security 4688', 'no process launches: what ran, and what started it, could not be seen'),
        ('windows', 'command lines', 'Sysmon 1 or Security 4688 with command lines', 'no command lines: how programs were started could not be seen'),
        ('windows', 'exits', 'Sysmon 5 or Security 4689', 'no process ends: how long a program ran could not be seen'),
        ('windows', 'connections', 'Sysmon 3 or Security 5156', 'no connections by program: which program talked could not be seen'),
        ('windows', 'drivers', 'Sysmon 6', 'no driver loads: a driver and its signature could not be seen'),
        ('windows', 'modules', 'Sysmon 7', 'no module loads: libraries and signatures could not be seen'),
        ('windows', 'accesses', 'Sysmon 8 or 10', 'no process accesses: injection and reading of credentials could not be seen'),
        ('windows', 'files', 'Sysmon 11', 'no file creations: how programs arrived could not be seen'),
        ('windows', 'deletions', 'Sysmon 23 or 26', 'no file deletions: how programs left could not be seen'),
        ('windows', 'registry', 'Sysmon 12 or 13 or Security 4657', 'no registry changes: entries that start programs could not be seen'),
        ('windows', 'names', 'Sysmon 22', 'no names asked for by program: which program looked up a name could not be seen'),
        ('windows', 'logons', 'Security 4624', 'no logons: who came from where could not be seen'),
        ('windows', 'services', 'System 7045 or Security 4697', 'no service installations: services that arrived could not be seen'),
        ('windows', 'tasks', 'Security 4698 or TaskScheduler 106', 'no scheduled tasks: tasks that start programs could not be seen'),
        ('windows', 'scripts', 'PowerShell 4104', 'no script blocks: what PowerShell ran could not be seen'),
        ('windows', 'code integrity', 'CodeIntegrity', 'no CodeIntegrity events: unsigned or revoked code that was loaded could not be seen'),
        ('linux', 'launches', 'Sysmon 1 or auditd EXECVE', 'no process launches: what ran, and what started it, could not be seen'),
        ('linux', 'command lines', 'Sysmon 1 or auditd EXECVE', 'no command lines: how programs were started could not be seen'),
        ('linux', 'exits', 'Sysmon 5', 'no process ends: how long a program ran could not be seen'),
        ('linux', 'connections', 'Sysmon 3', 'no connections by program: which program talked could not be seen'),
        ('linux', 'accesses', 'Sysmon 10', 'no process accesses: injection and reading of credentials could not be seen'),
        ('linux', 'files', 'Sysmon 11', 'no file creations: how programs arrived could not be seen'),
        ('linux', 'deletions', 'Sysmon 23', 'no file deletions: how programs left could not be seen'),
        ('linux', 'logons', 'auditd USER_LOGIN, USER_START or LOGIN', 'no logons: who came from where could not be seen')
),
met AS (
    SELECT DISTINCT c.host, s.need
    FROM coverage_day AS c
    JOIN source AS s ON s.sensor = c.sensor AND (s.event = COALESCE(CAST(c.event_id AS VARCHAR), c.event_type) OR s.event IS NULL)
    WHERE s.need <> 'command lines' OR c.command_lines > 0
),
heard AS (
    SELECT host, CASE WHEN COUNT(CASE WHEN sensor NOT IN ('Linux-Sysmon', 'auditd') THEN 1 END) = 0 THEN 'linux' ELSE 'windows' END AS system
    FROM coverage_day
    WHERE host IS NOT NULL
    GROUP BY host
)
SELECT h.host, n.need, n.sources, n.means
FROM heard AS h
JOIN need AS n ON n.system = h.system
LEFT JOIN met AS m ON m.host = h.host AND m.need = n.need
WHERE m.need IS NULL
