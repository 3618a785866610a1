-- What programs show of themselves: the fingerprint of their TLS client (JA4, else JA3) and their user agent. `mark` is what is compared: of an
-- agent whatever its numbers, because an update makes no new program. Rollup: one row per stay, mark as it was shown, destination and UTC day;
-- a day's rows depend on that day's records alone. `refs` are the first twenty records.
WITH mark AS (
    SELECT 'fingerprint' AS kind, fingerprint AS mark, fingerprint AS shown, stay_id, program, host, destination, time, ref
    FROM stay_contact
    WHERE own AND fingerprint IS NOT NULL
    UNION ALL
    SELECT 'agent', regexp_replace(user_agent, '[0-9]+([._][0-9]+)*', '#', 'g'), user_agent, stay_id, program, host, destination, time, ref
    FROM stay_contact
    WHERE own AND user_agent IS NOT NULL
)
SELECT kind, mark, shown, stay_id, program, host, destination, CAST(time AS DATE) AS day, min(time) AS first_time, max(time) AS last_time,
    COUNT(DISTINCT ref) AS records, array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs
FROM mark
GROUP BY kind, mark, shown, stay_id, program, host, destination, CAST(time AS DATE)
