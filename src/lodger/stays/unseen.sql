-- What never came from a host that is otherwise heard: one row per host and need, with the events that would have met it, and what
-- their absence means. No finding that rests on such events can be read as innocence. An event type that a quiet host merely did
-- not happen to write looks the same as one that is not recorded; both are told.
WITH source(need, sensor, event_id) AS (
    VALUES
        ('launches', 'Sysmon', 1), ('launches', 'Security', 4688),
        ('command lines', 'Sysmon', 1), ('command lines', 'Security', 4688),
        ('exits', 'Sysmon', 5), ('exits', 'Security', 4689),
        ('connections', 'Sysmon', 3), ('connections', 'Security', 5156),
        ('drivers', 'Sysmon', 6),
        ('modules', 'Sysmon', 7),
        ('accesses', 'Sysmon', 8), ('accesses', 'Sysmon', 10),
        ('files', 'Sysmon', 11),
        ('deletions', 'Sysmon', 23), ('deletions', 'Sysmon', 26),
        ('registry', 'Sysmon', 12), ('registry', 'Sysmon', 13), ('registry', 'Security', 4657),
        ('names', 'Sysmon', 22),
        ('logons', 'Security', 4624),
        ('services', 'System', 7045), ('services', 'Security', 4697),
        ('tasks', 'Security', 4698), ('tasks', 'TaskScheduler', 106),
        ('scripts', 'PowerShell', 4104),
        ('code integrity', 'CodeIntegrity', NULL)
),
need(need, sources, means) AS (
    VALUES
        ('launches', 'Sysmon 1 or Security 4688', 'no process launches: what ran, and what started it, could not be seen'),
        ('command lines', 'Sysmon 1 or Security 4688 with command lines', 'no command lines: how programs were started could not be seen'),
        ('exits', 'Sysmon 5 or Security 4689', 'no process ends: how long a program ran could not be seen'),
        ('connections', 'Sysmon 3 or Security 5156', 'no connections by program: which program talked could not be seen'),
        ('drivers', 'Sysmon 6', 'no driver loads: a driver and its signature could not be seen'),
        ('modules', 'Sysmon 7', 'no module loads: libraries and signatures could not be seen'),
        ('accesses', 'Sysmon 8 or 10', 'no process accesses: injection and reading of credentials could not be seen'),
        ('files', 'Sysmon 11', 'no file creations: how programs arrived could not be seen'),
        ('deletions', 'Sysmon 23 or 26', 'no file deletions: how programs left could not be seen'),
        ('registry', 'Sysmon 12 or 13 or Security 4657', 'no registry changes: entries that start programs could not be seen'),
        ('names', 'Sysmon 22', 'no names asked for by program: which program looked up a name could not be seen'),
        ('logons', 'Security 4624', 'no logons: who came from where could not be seen'),
        ('services', 'System 7045 or Security 4697', 'no service installations: services that arrived could not be seen'),
        ('tasks', 'Security 4698 or TaskScheduler 106', 'no scheduled tasks: tasks that start programs could not be seen'),
        ('scripts', 'PowerShell 4104', 'no script blocks: what PowerShell ran could not be seen'),
        ('code integrity', 'CodeIntegrity', 'no CodeIntegrity events: unsigned or revoked code that was loaded could not be seen')
),
met AS (
    SELECT DISTINCT c.host, s.need
    FROM coverage_day AS c
    JOIN source AS s ON s.sensor = c.sensor AND (s.event_id = c.event_id OR s.event_id IS NULL)
    WHERE s.need <> 'command lines' OR c.command_lines > 0
),
heard AS (
    SELECT DISTINCT host FROM coverage_day WHERE host IS NOT NULL
)
SELECT h.host, n.need, n.sources, n.means
FROM heard AS h
CROSS JOIN need AS n
LEFT JOIN met AS m ON m.host = h.host AND m.need = n.need
WHERE m.need IS NULL
