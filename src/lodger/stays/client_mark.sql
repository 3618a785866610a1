-- What programs show of themselves: the fingerprint of their TLS client (JA4, else JA3) and their user agent. `mark` is what is compared: of an
-- agent whatever its numbers, because an update makes no new program.
SELECT 'fingerprint' AS kind, fingerprint AS mark, fingerprint AS shown, stay_id, program, host, destination, time, ref
FROM stay_contact
WHERE own AND fingerprint IS NOT NULL
UNION ALL
SELECT 'agent', regexp_replace(user_agent, '[0-9]+([._][0-9]+)*', '#', 'g'), user_agent, stay_id, program, host, destination, time, ref
FROM stay_contact
WHERE own AND user_agent IS NOT NULL
