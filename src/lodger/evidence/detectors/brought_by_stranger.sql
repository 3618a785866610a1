-- Of a program that has been on the host for a week, or since before the records began: what it wrote and what then ran, if another than its own
-- signer signed that, or nobody. All else that it brought to any host is of its own signer, and few hosts got this one, so signed, from it.
-- Signers are told by the first word of their names ('Google Inc' and 'Google LLC' are one). Not what brings anybody's programs by its trade:
-- browsers, shells and script hosts (they play no plain role), Windows' own tools, installers, package managers, compilers, and what keeps folders
-- or files of many hosts alike.
WITH word AS (
    SELECT host, program, is_signed, signer,
        CASE WHEN is_signed THEN COALESCE(nullif(regexp_extract(lower(signer), '[^a-z0-9]*([a-z0-9]+)', 1), ''), lower(signer)) ELSE '' END AS name
    FROM program_signature
    WHERE NOT is_signed OR signer IS NOT NULL
),
writer AS (
    SELECT w.host, w.program, w.arrival, w.first_seen, g.signer, g.name
    FROM stay AS w
    JOIN word AS g ON g.host = w.host AND g.program = w.program AND g.is_signed
    WHERE w.role = 'plain' AND w.kind = 'process' AND w.place NOT IN ('system', 'temp', 'downloads', 'remote')
        AND NOT regexp_matches(w.program, '(setup|install|unins|redist|bootstrap)[^\\]*$')
        AND NOT regexp_matches(
            w.program,
            '\\(onedrive|dropbox|googledrivefs|nextcloud|syncthing|box|steam|epicgameslauncher|winget|choco|scoop|git|cargo|rustc|go|dotnet|msbuild|devenv|cl|link|ld|gcc|csc|vbc|cmake|ninja|code|robocopy|teamviewer|anydesk|vmtoolsd|rsync|winscp|filezilla)[.]exe$'
        )
),
brought AS (
    SELECT o.host, o.program, o.actor_program, o.actor_name, o.time, o.ref, o.file_path, w.signer AS writer_signer, g.signer, g.is_signed,
        g.name, g.name <> w.name AS strange, w.arrival IS NULL OR o.time >= w.first_seen + INTERVAL 7 DAY AS settled
    FROM own_file AS o
    JOIN writer AS w ON w.host = o.host AND w.program = o.actor_program
    JOIN word AS g ON g.host = o.host AND g.program = o.program
    WHERE o.activity_name = 'Create' AND o.actor_role = 'plain' AND NOT o.actor_free AND o.program <> o.actor_program
),
habit AS (
    SELECT actor_program, COUNT(DISTINCT CASE WHEN strange THEN program END) AS strangers, COUNT(DISTINCT CASE WHEN NOT strange THEN program END) AS own
    FROM brought
    GROUP BY actor_program
),
spread AS (
    SELECT program, name, COUNT(DISTINCT host) AS hosts FROM brought GROUP BY program, name
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT s.stay_id, min(b.time) AS first, max(b.time) AS last, array_slice(list_sort(list(DISTINCT b.ref)), 1, 20) AS refs, COUNT(DISTINCT b.ref) AS records,
    min(b.actor_name) AS by_whom, min(b.writer_signer) AS writer_signer, min(b.file_path) AS file,
    min(CASE WHEN b.is_signed THEN 'signed by ' || b.signer ELSE 'not signed' END) AS signed,
    CASE WHEN max(h.own) = 0 THEN 'it brought no other program' ELSE 'all else that it brought is of its own maker' END AS before
FROM brought AS b
JOIN habit AS h ON h.actor_program = b.actor_program
JOIN stay AS s ON s.host = b.host AND s.program = b.program
JOIN spread AS p ON p.program = b.program AND p.name = b.name
CROSS JOIN fleet AS f
WHERE p.hosts <= greatest(5, f.hosts / 10) AND b.strange AND b.settled AND h.strangers = 1 AND s.launches > 0
    AND b.time BETWEEN s.first_seen - INTERVAL 1 DAY AND s.first_seen + INTERVAL 10 SECOND
GROUP BY s.stay_id
