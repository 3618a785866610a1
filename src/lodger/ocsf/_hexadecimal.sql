-- Every hexadecimal number that a view needs as a number, once: SQL dialects differ in reading them, so a kernel does it.
SELECT text
FROM (
    SELECT GrantedAccess AS text FROM windows_event WHERE GrantedAccess IS NOT NULL
    UNION
    SELECT NewProcessId AS text FROM windows_event WHERE NewProcessId IS NOT NULL
    UNION
    SELECT ProcessId AS text FROM windows_event WHERE ProcessId IS NOT NULL
    UNION
    SELECT AccessMask AS text FROM windows_event WHERE AccessMask IS NOT NULL
) AS numbers
