-- The days on which one host's sensors that tell of programs said nothing, while the host was heard.
SELECT sensor, first_day, last_day, days
FROM silence
WHERE host = $host AND sensor IN ('Sysmon', 'Security', 'Linux-Sysmon', 'auditd')
ORDER BY sensor, first_day
