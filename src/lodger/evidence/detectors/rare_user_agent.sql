-- User agents, whatever their numbers, that are rare.
SELECT m.stay_id, min(m.first_time) AS first, max(m.last_time) AS last, array_slice(list_sort(list_distinct(flatten(list(m.refs)))), 1, 20) AS refs,
    CAST(sum(m.records) AS BIGINT) AS records, list_sort(list(DISTINCT m.shown)) AS marks, list_sort(list(DISTINCT m.destination)) AS places, max(p.hosts) AS hosts,
    max(p.fleet_hosts) AS fleet_hosts, min(p.since) AS since, min(p.days_before) AS days_before
FROM client_mark AS m
JOIN mark_spread AS p ON p.kind = m.kind AND p.mark = m.mark
WHERE m.kind = 'agent' AND p.rare
GROUP BY m.stay_id
