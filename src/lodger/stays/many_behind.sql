-- Many behind one: addresses behind which several hosts are at once, and hosts on which several people work at once (terminal servers:
-- within one hour four people or more logged on at the screen or by remote desktop, or started a desktop). Nothing there is to be
-- taken as one machine's, or one person's. `members` counts the hosts or people of the fullest day or hour; `names` are at most ten
-- of them. `since` and `until` are on the network's clock for addresses, on the host's for terminal servers.
WITH claimed AS (
    SELECT h.ip AS host, c.day AS time, c.host AS member, h.since AS held_since, h.until AS held_until
    FROM host_address AS h
    JOIN host_claim AS c ON c.ip = h.ip AND c.since >= h.since AND c.since < h.until AND c.rank < 4
    WHERE h.many
),
full_hour AS (
    SELECT host, time, COUNT(DISTINCT member) AS members FROM seat_hour GROUP BY host, time HAVING COUNT(DISTINCT member) >= 4
),
full_day AS (
    SELECT host, time, COUNT(DISTINCT member) AS members FROM claimed GROUP BY host, time
)
SELECT d.host, 'address' AS kind, CAST(max(d.members) AS BIGINT) AS members, min(c.held_since) AS since, max(c.held_until) AS until,
    array_slice(list_sort(list(DISTINCT c.member)), 1, 10) AS names
FROM full_day AS d
JOIN claimed AS c ON c.host = d.host AND c.time = d.time
GROUP BY d.host
UNION ALL
SELECT f.host, 'terminal server', CAST(max(f.members) AS BIGINT), min(f.time), max(f.time) + INTERVAL 1 HOUR,
    array_slice(list_sort(list(DISTINCT s.member)), 1, 10)
FROM full_hour AS f
JOIN seat_hour AS s ON s.host = f.host AND s.time = f.time
GROUP BY f.host
