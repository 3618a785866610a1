-- The program's file was written by a program for documents or mail at most a day before the program first ran. People fetch programs with
-- browsers and unpack them from archives every day; what comes out of a document is rare.
SELECT s.stay_id, min(o.time) AS first, max(o.time) AS last, array_slice(list_sort(list(DISTINCT o.ref)), 1, 20) AS refs, COUNT(DISTINCT o.ref) AS records,
    min(o.actor_name) AS by_whom, min(o.file_path) AS file
FROM stay AS s
JOIN own_file AS o ON o.host = s.host AND o.program = s.program
WHERE s.launches > 0 AND o.activity_name = 'Create' AND o.actor_role = 'opener'
    AND o.actor_name IN (
        'outlook.exe', 'olk.exe', 'hxoutlook.exe', 'thunderbird.exe',
        'winword.exe', 'excel.exe', 'powerpnt.exe', 'onenote.exe', 'msaccess.exe', 'mspub.exe', 'visio.exe', 'wordpad.exe', 'soffice.exe', 'soffice.bin',
        'acrord32.exe', 'acrobat.exe', 'foxitreader.exe', 'foxitpdfreader.exe', 'sumatrapdf.exe'
    )
    AND o.time BETWEEN s.first_seen - INTERVAL 1 DAY AND s.first_seen + INTERVAL 10 SECOND
GROUP BY s.stay_id
