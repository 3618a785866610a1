-- Rollup: one row per stay, destination and UTC day; a day's rows depend on that day's records alone.
SELECT
    host, stay_id, program, destination, CAST(time AS DATE) AS day,
    list_sort(list(time)) AS times, CAST(COUNT(*) AS BIGINT) AS contacts,
    CAST(sum(bytes_out) AS BIGINT) AS bytes_out, CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    list_sort(list(DISTINCT dst_ip)) AS addresses, list_sort(list(DISTINCT dst_port)) AS ports,
    list_sort(list(DISTINCT user_agent) FILTER (WHERE user_agent IS NOT NULL)) AS user_agents,
    list_sort(list(DISTINCT fingerprint) FILTER (WHERE fingerprint IS NOT NULL)) AS tls_fingerprints,
    max(CASE WHEN name IS NOT NULL THEN 1 ELSE 0 END) = 1 AS named,
    max(CASE WHEN own THEN 1 ELSE 0 END) = 1 AS own,
    min(ref) AS ref
FROM stay_contact
GROUP BY host, stay_id, program, destination, CAST(time AS DATE)
