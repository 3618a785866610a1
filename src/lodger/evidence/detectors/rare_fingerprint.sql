-- Fingerprints of the TLS client (JA4, else JA3) that one program shows, on at most one host in fifty. Browsers shuffle their extensions, so
-- that a JA3 of theirs never comes again: only what is seen on two days or more counts. Silent where fewer than five hosts show any: everything is on few.
WITH shown AS (
    SELECT stay_id, program, host, fingerprint AS mark, time, ref FROM stay_contact WHERE own AND fingerprint IS NOT NULL
),
watched AS (
    SELECT day, row_number() OVER (ORDER BY day) - 1 AS days_before FROM (SELECT DISTINCT CAST(time AS DATE) AS day FROM shown) AS days
),
spread AS (
    SELECT mark, COUNT(DISTINCT host) AS hosts, min(time) AS since
    FROM shown
    GROUP BY mark
    HAVING COUNT(DISTINCT program) = 1 AND COUNT(DISTINCT CAST(time AS DATE)) >= 2
),
fleet AS (
    SELECT COUNT(DISTINCT host) AS hosts FROM shown
)
SELECT s.stay_id, min(s.time) AS first, max(s.time) AS last, array_slice(list_sort(list(DISTINCT s.ref)), 1, 20) AS refs,
    COUNT(DISTINCT s.ref) AS records, list_sort(list(DISTINCT s.mark)) AS marks, max(p.hosts) AS hosts, max(f.hosts) AS fleet_hosts,
    CAST(CAST(min(p.since) AS DATE) AS VARCHAR) AS since, min(w.days_before) AS days_before
FROM shown AS s
JOIN spread AS p ON p.mark = s.mark
JOIN watched AS w ON w.day = CAST(p.since AS DATE)
CROSS JOIN fleet AS f
WHERE f.hosts >= 5 AND p.hosts <= greatest(1, f.hosts / 50)
GROUP BY s.stay_id
