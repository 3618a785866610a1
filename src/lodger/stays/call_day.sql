-- Rollup, in the columns of contact_day: one row per stay that was called, caller and UTC day; `destination` is the caller, `addresses` are
-- its own, `ports` those on which it was answered.
SELECT
    host, stay_id, program, caller AS destination, CAST(time AS DATE) AS day,
    list_sort(list(time)) AS times, CAST(COUNT(*) AS BIGINT) AS contacts,
    CAST(sum(bytes_out) AS BIGINT) AS bytes_out, CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    list_sort(list(DISTINCT src_ip)) AS addresses, list_sort(list(DISTINCT dst_port)) AS ports,
    CAST(NULL AS VARCHAR[]) AS user_agents, CAST(NULL AS VARCHAR[]) AS tls_fingerprints, FALSE AS named, TRUE AS own, min(ref) AS ref
FROM stay_call
GROUP BY host, stay_id, program, caller, CAST(time AS DATE)
