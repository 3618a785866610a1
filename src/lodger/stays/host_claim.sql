-- Who was said to have which address, when, by whom: the words of host_address, on the network's clock. `rank` is how good the word is:
--   1 own, dhcp   the host's own connections name it as their own end; a lease was granted
--   2 kerberos    the machine's account logged on from it
--   3 ntlm        a client said this name
--   4 dns         the host's name was resolved to it (inside addresses only; names go stale)
-- One row per address, host, word and day, or per minute where two hosts are named on one day: what is large here is put together
-- before anything is joined. `hold` is for how many seconds after its last word it holds: the lease's, else a day; `reach` for how
-- many before its first: a day, but nothing for a lease that is the beginning (and not the renewal) of one.
WITH clock AS (
    SELECT d.host, d.day, d.ahead_seconds FROM clock_day AS d WHERE d.choice = 1
),
own AS (
    SELECT n.device_hostname AS host, CASE WHEN n.connection_direction = 'Outbound' THEN n.src_endpoint_ip ELSE n.dst_endpoint_ip END AS ip,
        n.time + CAST(round(COALESCE(d.ahead_seconds, c.ahead_seconds, 0)) AS BIGINT) * INTERVAL 1 SECOND AS time
    FROM network_activity AS n
    LEFT JOIN clock AS d ON d.host = n.device_hostname AND d.day = CAST(n.time AS DATE)
    LEFT JOIN network_clock AS c ON c.host = n.device_hostname
    WHERE n.device_hostname IS NOT NULL
),
leased AS (
    SELECT a.host, l.src_endpoint_ip AS ip,
        l.time - CAST(round(COALESCE(c.ahead_seconds, 0)) AS BIGINT) * INTERVAL 1 SECOND AS time,
        CAST(least(greatest(COALESCE(l.lease_seconds, 86400), 0), 2592000) AS BIGINT) AS hold,
        CASE WHEN l.lease_is_new THEN 0 ELSE 86400 END AS reach
    FROM dhcp_activity AS l
    JOIN host_alias AS a ON a.name = l.src_endpoint_hostname
    LEFT JOIN sensor_clock AS c ON c.sensor = l.sensor
),
logon AS (
    SELECT a.host, m.ip, m.word, m.time + CAST(round(COALESCE(d.ahead_seconds, c.ahead_seconds, 0)) AS BIGINT) * INTERVAL 1 SECOND AS time
    FROM machine_logon AS m
    JOIN host_alias AS a ON a.name = m.client_name
    LEFT JOIN clock AS d ON d.host = m.reporter AND d.day = CAST(m.time AS DATE)
    LEFT JOIN network_clock AS c ON c.host = m.reporter
),
named AS (
    SELECT host AS name, host FROM _host_name
    UNION
    SELECT host, host FROM host_alias
    UNION
    SELECT name, host FROM host_alias WHERE strpos(name, '.') > 0
),
resolved AS (
    SELECT n.host, replace(lower(d.answer), '::ffff:', '') AS ip,
        d.time + CAST(round(COALESCE(k.ahead_seconds, c.ahead_seconds, 0)) AS BIGINT) * INTERVAL 1 SECOND AS time
    FROM (
        SELECT device_hostname, time, query_hostname, unnest(string_split(answers, ';')) AS answer
        FROM dns_activity
        WHERE answers IS NOT NULL AND query_hostname IN (SELECT name FROM named)
    ) AS d
    JOIN named AS n ON n.name = d.query_hostname
    LEFT JOIN clock AS k ON k.host = d.device_hostname AND k.day = CAST(d.time AS DATE)
    LEFT JOIN network_clock AS c ON c.host = d.device_hostname
    WHERE regexp_matches(lower(d.answer), '^(::ffff:)?(10|192[.]168|172[.](1[6-9]|2[0-9]|3[01]))([.][0-9]+)+$')
        OR regexp_matches(lower(d.answer), '^f[cd][0-9a-f][0-9a-f]:')
),
claim AS (
    SELECT ip, host, 1 AS rank, 'own' AS word, time, 86400 AS hold, 86400 AS reach FROM own
    WHERE ip NOT LIKE '127.%' AND ip NOT IN ('::1', '0.0.0.0', '::', '0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:0')
        AND NOT regexp_matches(lower(ip), '^(22[4-9]|23[0-9]|255)[.]|^ff[0-9a-f][0-9a-f]:')
    UNION ALL
    SELECT ip, host, 1, 'dhcp', time, hold, reach FROM leased
    UNION ALL
    SELECT ip, host, CASE word WHEN 'kerberos' THEN 2 ELSE 3 END, word, time, 86400, 86400 FROM logon
    UNION ALL
    SELECT ip, host, 4, 'dns', time, 86400, 86400 FROM resolved
),
daily AS (
    SELECT ip, host, rank, word, CAST(time AS DATE) AS day, min(time) AS since, max(time) AS until, max(time + hold * INTERVAL 1 SECOND) AS held,
        min(time - reach * INTERVAL 1 SECOND) AS reached, COUNT(*) AS words
    FROM claim
    GROUP BY ip, host, rank, word, CAST(time AS DATE)
),
contested AS (
    SELECT ip, day FROM daily GROUP BY ip, day HAVING min(host) <> max(host)
)
SELECT d.ip, d.host, d.rank, d.word, d.day, d.since, d.until, d.held, d.reached, d.words
FROM daily AS d
LEFT JOIN contested AS c ON c.ip = d.ip AND c.day = d.day
WHERE c.ip IS NULL
UNION ALL
SELECT c.ip, c.host, c.rank, c.word, CAST(c.time AS DATE), min(c.time), max(c.time), max(c.time + c.hold * INTERVAL 1 SECOND),
    min(c.time - c.reach * INTERVAL 1 SECOND), COUNT(*)
FROM claim AS c
JOIN contested AS d ON d.ip = c.ip AND d.day = CAST(c.time AS DATE)
GROUP BY c.ip, c.host, c.rank, c.word, CAST(c.time AS DATE), date_trunc('minute', c.time)
