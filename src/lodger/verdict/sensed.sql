-- The kinds of record that came from each host, as one text.
SELECT host, array_to_string(list_sort(list(DISTINCT kind)), ' ') AS kinds FROM coverage GROUP BY host
