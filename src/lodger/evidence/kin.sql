-- Who came with whom: stays of one host that go back to one program, which wrote them or wrote what wrote them, and that program itself; and,
-- where the same file (by its path and hash) is on a few hosts, all of them together. `kin` has each of them for each other. What only carries programs is nobody's kin: browsers, mail and shells (they play no plain role),
-- installers and other programs that come with the system, what brings many programs, and what many hosts have, such as an update service. Where more came
-- with one program than sixteen, it is a suite or a store, and nothing follows for one from the others.
WITH fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
spread AS (
    -- of a file, where its hash is known: what replaces a common program on few hosts is not common
    SELECT program, hashes, COUNT(DISTINCT host) AS hosts FROM stay GROUP BY program, hashes
),
brings AS (
    SELECT actor_program AS program, COUNT(DISTINCT program) AS programs
    FROM own_file
    WHERE activity_name = 'Create' AND actor_program <> program
    GROUP BY actor_program
),
carried AS (
    SELECT s.stay_id, w.stay_id AS writer
    FROM own_file AS o
    JOIN stay AS s ON s.host = o.host AND s.program = o.program
    JOIN stay AS w ON w.host = o.host AND w.program = o.actor_program
    JOIN brings AS b ON b.program = w.program
    JOIN spread AS p ON p.program = w.program AND p.hashes IS NOT DISTINCT FROM w.hashes
    CROSS JOIN fleet AS f
    WHERE o.activity_name = 'Create' AND o.actor_role = 'plain' AND NOT o.actor_free AND w.stay_id <> s.stay_id
        AND w.program NOT IN ('\windows\system32\msiexec.exe', '\windows\syswow64\msiexec.exe')
        AND NOT (w.place = 'system' AND lower(COALESCE(w.signer, '')) LIKE 'microsoft %')
        AND b.programs <= 16 AND p.hosts <= greatest(1, f.hosts / 10) AND o.time <= s.first_seen + INTERVAL 10 SECOND
    QUALIFY row_number() OVER (PARTITION BY s.stay_id ORDER BY o.time, o.ref, w.stay_id) = 1
),
rooted AS (
    SELECT a.stay_id, COALESCE(d.writer, c.writer, b.writer, a.writer) AS root
    FROM carried AS a
    LEFT JOIN carried AS b ON b.stay_id = a.writer
    LEFT JOIN carried AS c ON c.stay_id = b.writer
    LEFT JOIN carried AS d ON d.stay_id = c.writer
),
party AS (
    SELECT stay_id, root FROM rooted
    UNION
    SELECT root, root FROM rooted
),
rooted_or_alone AS (
    SELECT s.stay_id, s.program, s.hashes, COALESCE(p.root, s.stay_id) AS root
    FROM stay AS s
    LEFT JOIN party AS p ON p.stay_id = s.stay_id
    WHERE s.kind <> 'network'
),
same_file AS (
    SELECT a.program, a.hashes, min(a.root) AS root
    FROM rooted_or_alone AS a
    JOIN spread AS p ON p.program = a.program AND p.hashes = a.hashes
    CROSS JOIN fleet AS f
    WHERE a.hashes IS NOT NULL AND p.hosts BETWEEN 2 AND least(10, f.hosts / 10)
    GROUP BY a.program, a.hashes
    HAVING COUNT(DISTINCT a.root) > 1
),
joined AS (
    SELECT a.root, min(least(a.root, COALESCE(f.root, a.root))) AS first_root
    FROM rooted_or_alone AS a
    LEFT JOIN same_file AS f ON f.program = a.program AND f.hashes = a.hashes
    GROUP BY a.root
),
together AS (
    SELECT a.stay_id, a.program, j.first_root AS root
    FROM rooted_or_alone AS a
    JOIN joined AS j ON j.root = a.root
),
small AS (
    SELECT root FROM together GROUP BY root HAVING COUNT(DISTINCT program) BETWEEN 1 AND 16 AND COUNT(*) BETWEEN 2 AND 64
)
SELECT a.stay_id, b.stay_id AS kin
FROM together AS a
JOIN together AS b ON b.root = a.root
JOIN small AS m ON m.root = a.root
WHERE a.stay_id <> b.stay_id
GROUP BY a.stay_id, b.stay_id
