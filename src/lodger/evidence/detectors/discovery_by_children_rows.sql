-- Discovery tools among the processes that the program started and answers for, by the day of their start.
SELECT a.stay_id, CAST(p.start AS DATE) AS day, min(p.start) AS first, max(p.start) AS last, array_slice(list_sort(list(DISTINCT p.ref)), 1, 20) AS refs,
    COUNT(DISTINCT p.ref) AS records, list_sort(list(DISTINCT l.name)) AS tools
FROM acting AS a
JOIN lineage AS l ON l.host = a.host AND l.uid = a.uid
JOIN process AS p ON p.host = a.host AND p.uid = a.uid
WHERE a.distance >= 1 AND p.start IS NOT NULL AND l.place = 'system'
    AND l.name IN ('whoami.exe', 'systeminfo.exe', 'tasklist.exe', 'ipconfig.exe', 'net.exe', 'net1.exe', 'nltest.exe', 'netstat.exe', 'arp.exe', 'route.exe',
        'nslookup.exe', 'quser.exe', 'qwinsta.exe', 'query.exe', 'hostname.exe', 'dsquery.exe', 'wmic.exe', 'nbtstat.exe', 'getmac.exe', 'driverquery.exe',
        'qprocess.exe', 'gpresult.exe', 'klist.exe', 'cmdkey.exe', 'tree.com', 'ping.exe', 'tracert.exe', 'pathping.exe', 'vssadmin.exe', 'fsutil.exe')
GROUP BY a.stay_id, CAST(p.start AS DATE)
