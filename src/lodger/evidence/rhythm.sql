-- All calls of a stay to one destination in one list, for those with at least four; the rhythm kernel judges each list.
SELECT host, stay_id, destination, COUNT(*) AS days, flatten(list_sort(list(times))) AS times
FROM contact_day
GROUP BY host, stay_id, destination
HAVING sum(contacts) >= 4
