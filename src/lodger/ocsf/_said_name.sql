-- The names by which hosts call themselves, once each, in lower case.
SELECT lower(Computer) AS name FROM windows_event WHERE Computer IS NOT NULL
UNION
SELECT lower(hostname) FROM artifact WHERE hostname IS NOT NULL
UNION
SELECT lower(collection_host) FROM artifact WHERE collection_host IS NOT NULL
