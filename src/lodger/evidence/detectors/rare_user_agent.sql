-- User agents, whatever their numbers (an update makes no new program), that one program gives, on at most one host in fifty and two days or
-- more. Silent where fewer than five hosts give any: everything is on few.
WITH shown AS (
    SELECT stay_id, program, host, user_agent, regexp_replace(user_agent, '[0-9]+([._][0-9]+)*', '#', 'g') AS mark, destination, time, ref
    FROM stay_contact
    WHERE own AND user_agent IS NOT NULL
),
watched AS (
    SELECT day, row_number() OVER (ORDER BY day) - 1 AS days_before FROM (SELECT DISTINCT CAST(time AS DATE) AS day FROM shown) AS days
),
spread AS (
    SELECT mark, COUNT(DISTINCT host) AS hosts, min(time) AS since
    FROM shown
    GROUP BY mark
    HAVING COUNT(DISTINCT CASE WHEN program LIKE 'network: agent %' THEN 'network' ELSE program END) = 1
        AND COUNT(DISTINCT CAST(time AS DATE)) >= 2
),
fleet AS (
    SELECT COUNT(DISTINCT host) AS hosts FROM shown
)
SELECT s.stay_id, min(s.time) AS first, max(s.time) AS last, array_slice(list_sort(list(DISTINCT s.ref)), 1, 20) AS refs,
    COUNT(DISTINCT s.ref) AS records, list_sort(list(DISTINCT s.user_agent)) AS marks, list_sort(list(DISTINCT s.destination)) AS places,
    max(p.hosts) AS hosts, max(f.hosts) AS fleet_hosts, CAST(CAST(min(p.since) AS DATE) AS VARCHAR) AS since, min(w.days_before) AS days_before
FROM shown AS s
JOIN spread AS p ON p.mark = s.mark
JOIN watched AS w ON w.day = CAST(p.since AS DATE)
CROSS JOIN fleet AS f
WHERE f.hosts >= 5 AND p.hosts <= greatest(1, f.hosts / 50)
GROUP BY s.stay_id
