-- What changed what a host's sensors could see from then on, or until then: logs cleared, audit policy and sensor settings changed,
-- sensors stopped. One row per record, with the event's id or type and what it means.
WITH change(sensor, event, means) AS (
    VALUES
        ('security', '1102', 'the Security log was cleared: what it held before could not be read'),
        ('security', '1100', 'the event log service was shut down: nothing was recorded until it ran again'),
        ('security', '4719', 'the audit policy was changed: what is recorded may differ before and after'),
        ('security', '4912', 'the audit policy of a user was changed: what is recorded may differ before and after'),
        ('system', '104', 'an event log was cleared: what it held before could not be read'),
        ('sysmon', '4', 'Sysmon was started or stopped: while it did not run, nothing was recorded'),
        ('sysmon', '16', 'the settings of Sysmon were changed: what is recorded may differ before and after'),
        ('sysmon', '255', 'Sysmon had an error: records may be missing'),
        ('auditd', 'DAEMON_END', 'the audit daemon was stopped: nothing was recorded until it ran again'),
        ('auditd', 'DAEMON_ABORT', 'the audit daemon was stopped by an error: nothing was recorded until it ran again'),
        ('auditd', 'DAEMON_ERR', 'the audit daemon had an error: records may be missing'),
        ('auditd', 'DAEMON_CONFIG', 'the settings of the audit daemon were changed: what is recorded may differ before and after'),
        ('auditd', 'CONFIG_CHANGE', 'the audit rules were changed: what is recorded may differ before and after')
),
record AS (
    SELECT device_hostname AS host, host_time AS time, sensor, CAST(EventID AS VARCHAR) AS event, ref FROM _windows
    WHERE EventID IN (1102, 1100, 4719, 4912, 104, 4, 16, 255)
    UNION ALL
    SELECT lower(COALESCE(node, 'unknown')), time, 'auditd', type, source || ':' || CAST(record AS VARCHAR) FROM auditd
)
SELECT r.host, r.time, r.sensor, r.event, c.means, r.ref
FROM record AS r
JOIN change AS c ON c.sensor = r.sensor AND c.event = r.event
