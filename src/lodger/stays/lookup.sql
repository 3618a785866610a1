-- Questions for names that no connection follows, with the stay of the program that asked where its host's own sensor names it, else a stay
-- of the host. Not told: a name of one label, of the network itself (.local, .arpa) or of another form than names have; names whose
-- answers the host connected to on that day, or that it goes to under that name; what the network saw of a name that the
-- host's own sensor tells; and what a resolver asks for others (who is asked for names is one).
-- `refreshed` says that the answer before had just run out (a tenth and five seconds more or less): then the time is that of the cache,
-- and not of the program. NULL where that cannot be told (a host's own sensor tells every question, cached or not, and no TTL).
WITH resolver AS (
    SELECT dst_endpoint_ip AS ip FROM dns_activity WHERE dst_endpoint_ip IS NOT NULL GROUP BY dst_endpoint_ip
),
well_formed AS (
    SELECT name
    FROM (SELECT DISTINCT query_hostname AS name FROM dns_activity) AS asked
    WHERE length(name) <= 253 AND regexp_matches(name, '^[a-z0-9_-]{1,63}([.][a-z0-9_-]{1,63})+$')
        AND NOT regexp_matches(name, '[.](local|arpa|localdomain|[0-9]+)$')
),
question AS (
    SELECT COALESCE(d.device_hostname, a.host, d.src_endpoint_ip) AS host, COALESCE(d.device_hostname, d.src_endpoint_ip) AS asker,
        d.device_hostname IS NOT NULL AS own_word, d.process_uid AS uid, d.process_file_path AS path, d.time, d.query_hostname AS name,
        d.answers, d.answers_ttl AS ttl, d.ref
    FROM dns_activity AS d
    JOIN well_formed AS w ON w.name = d.query_hostname
    LEFT JOIN address_day AS a ON d.device_hostname IS NULL AND a.ip = d.src_endpoint_ip AND a.day = CAST(d.time AS DATE)
        AND d.time >= a.since AND d.time < a.until
    LEFT JOIN resolver AS r ON r.ip = d.src_endpoint_ip
    WHERE d.sensor <> 'artifact' AND r.ip IS NULL
),
-- most names are gone to: what is left is little
unnamed AS (
    SELECT q.* FROM question AS q WHERE NOT EXISTS (SELECT 1 FROM contact_event AS c WHERE c.host = q.host AND c.name = q.name)
),
reached AS (
    SELECT src_ip AS asker, dst_ip AS ip, CAST(time AS DATE) AS day FROM flow
    WHERE COALESCE(app_name, '') <> 'dns' AND dst_port NOT IN (53, 67, 68, 137, 138, 5353, 5355, 1900)
    UNION
    SELECT host, dst_ip, CAST(time AS DATE) FROM host_connection WHERE direction = 'Outbound'
    UNION
    SELECT host, dst_ip, CAST(time AS DATE) FROM contact_event WHERE direction = 'Outbound'
),
followed AS (
    SELECT q.host, q.name
    FROM (
        SELECT DISTINCT host, asker, name, day, replace(unnest(string_split(answers, ';')), '::ffff:', '') AS ip
        FROM (SELECT DISTINCT host, asker, name, CAST(time AS DATE) AS day, answers FROM unnamed WHERE answers IS NOT NULL) AS answered
    ) AS q
    JOIN reached AS r ON (r.asker = q.asker OR r.asker = q.host) AND r.ip = q.ip AND r.day = q.day
),
own_word AS (
    SELECT DISTINCT host, name FROM unnamed WHERE own_word
),
alone AS (
    SELECT q.*
    FROM unnamed AS q
    WHERE NOT EXISTS (SELECT 1 FROM followed AS f WHERE f.host = q.host AND f.name = q.name)
        AND (q.own_word OR NOT EXISTS (SELECT 1 FROM own_word AS o WHERE o.host = q.host AND o.name = q.name))
),
nearest AS (
    SELECT host, uid, stay_id, program FROM acting QUALIFY row_number() OVER (PARTITION BY host, uid ORDER BY distance, stay_id) = 1
),
placed AS (
    SELECT q.host, COALESCE(a.stay_id, substr(sha256(q.host || '|' || COALESCE(n.program, 'network: lookups')), 1, 12)) AS stay_id,
        COALESCE(a.program, n.program, 'network: lookups') AS program, q.name, q.time, q.ttl, q.ref
    FROM alone AS q
    LEFT JOIN nearest AS a ON a.host = q.host AND a.uid = q.uid
    LEFT JOIN file_name AS n ON a.uid IS NULL AND n.path = q.path
    WHERE q.uid IS NULL OR a.uid IS NOT NULL OR n.program IS NOT NULL
),
parted AS (
    -- a day's rows depend on that day's records alone
    SELECT *, lag(time) OVER (PARTITION BY host, stay_id, name, CAST(time AS DATE) ORDER BY time, ref) AS before FROM placed
),
numbered AS (
    -- questions for both kinds of address, and those asked again within ten seconds, are one
    SELECT *, SUM(CASE WHEN date_diff('millisecond', before, time) <= 10000 THEN 0 ELSE 1 END) OVER (
        PARTITION BY host, stay_id, name ORDER BY time, ref ROWS UNBOUNDED PRECEDING
    ) AS nth
    FROM parted
),
single AS (
    SELECT host, stay_id, program, name, nth, min(time) AS time, min(ttl) AS ttl, min(ref) AS ref FROM numbered GROUP BY host, stay_id, program, name, nth
),
timed AS (
    SELECT *, lag(ttl) OVER (PARTITION BY host, stay_id, name, CAST(time AS DATE) ORDER BY time, ref) AS last_ttl,
        date_diff('millisecond', lag(time) OVER (PARTITION BY host, stay_id, name, CAST(time AS DATE) ORDER BY time, ref), time) / 1000.0 AS since
    FROM single
)
SELECT host, stay_id, program, name, time, ref,
    CASE WHEN last_ttl > 0 AND since IS NOT NULL THEN since BETWEEN 0.9 * last_ttl - 5 AND 1.1 * last_ttl + 5 END AS refreshed
FROM timed
