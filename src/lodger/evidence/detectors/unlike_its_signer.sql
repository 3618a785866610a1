-- Programs of signers whom a third of the hosts have (of those on which signatures are seen), each on few hosts itself, and the names that only
-- it goes to: no other program of the signer goes anywhere in that domain, and no program of another host to the name. Not what goes where people
-- and scripts send it: browsers, shells, script hosts and Windows' own tools; and where a publisher's browser goes says nothing of the publisher.
-- In a fleet of fewer than twenty hosts everything is on few.
WITH signed AS (
    SELECT host, program, lower(signer) AS signer FROM program_signature WHERE is_signed AND signer IS NOT NULL GROUP BY host, program, lower(signer)
),
fleet AS (
    SELECT COUNT(DISTINCT host) AS hosts FROM signed
),
publisher AS (
    SELECT g.signer, COUNT(DISTINCT g.host) AS hosts, max(f.hosts) AS fleet_hosts
    FROM signed AS g CROSS JOIN fleet AS f
    GROUP BY g.signer
    HAVING max(f.hosts) >= 20 AND 3 * COUNT(DISTINCT g.host) >= max(f.hosts)
),
present AS (
    SELECT program, COUNT(DISTINCT host) AS hosts FROM stay GROUP BY program
),
judged AS (
    SELECT s.stay_id, s.host, s.program, g.signer, p.hosts AS signer_hosts, p.fleet_hosts
    FROM stay AS s
    JOIN signed AS g ON g.host = s.host AND g.program = s.program
    JOIN publisher AS p ON p.signer = g.signer
    JOIN present AS n ON n.program = s.program
    WHERE s.kind = 'process' AND s.role = 'plain' AND s.place <> 'system' AND n.hosts <= greatest(5, p.fleet_hosts / 10)
),
gone AS (
    SELECT c.host, c.program, c.destination, d.domain
    FROM contact_pair AS c
    JOIN destination_domain AS d ON d.destination = c.destination
    WHERE c.own AND NOT c.called
    GROUP BY c.host, c.program, c.destination, d.domain
),
visited AS (
    SELECT DISTINCT g.signer, v.program, v.domain
    FROM gone AS v
    JOIN signed AS g ON g.host = v.host AND g.program = v.program
    JOIN publisher AS p ON p.signer = g.signer
    WHERE NOT EXISTS (SELECT 1 FROM stay AS b WHERE b.host = v.host AND b.program = v.program AND b.role = 'opener')
),
elsewhere AS (
    SELECT DISTINCT t.program, t.destination
    FROM (SELECT DISTINCT j.program, v.destination FROM judged AS j JOIN gone AS v ON v.host = j.host AND v.program = j.program) AS t
    JOIN gone AS o ON o.destination = t.destination AND o.program <> t.program
    LEFT JOIN stay AS h ON h.program = t.program AND h.host = o.host
    WHERE h.stay_id IS NULL
),
place AS (
    SELECT DISTINCT j.stay_id, j.host, j.program, j.signer, j.signer_hosts, j.fleet_hosts, v.destination
    FROM judged AS j
    JOIN gone AS v ON v.host = j.host AND v.program = j.program
    WHERE NOT EXISTS (SELECT 1 FROM visited AS o WHERE o.signer = j.signer AND o.domain = v.domain AND o.program <> j.program)
        AND NOT EXISTS (SELECT 1 FROM elsewhere AS e WHERE e.program = j.program AND e.destination = v.destination)
),
frequent AS (
    SELECT p.stay_id, p.destination
    FROM place AS p
    JOIN contact_day AS c ON c.stay_id = p.stay_id AND c.destination = p.destination
    WHERE c.own
    GROUP BY p.stay_id, p.destination
    HAVING COUNT(DISTINCT c.day) >= 3
)
SELECT p.stay_id, min(c.times[1]) AS first, max(c.times[1]) AS last, array_slice(list_sort(list(DISTINCT c.ref)), 1, 20) AS refs,
    CAST(sum(c.contacts) AS BIGINT) AS records, min(g.signer) AS signer, max(p.signer_hosts) AS signer_hosts, max(p.fleet_hosts) AS fleet_hosts,
    COUNT(DISTINCT c.day) AS days, list_sort(list(DISTINCT c.destination)) AS places
FROM place AS p
JOIN frequent AS q ON q.stay_id = p.stay_id AND q.destination = p.destination
JOIN contact_day AS c ON c.stay_id = p.stay_id AND c.destination = p.destination AND c.own
JOIN program_signature AS g ON g.host = p.host AND g.program = p.program
GROUP BY p.stay_id
