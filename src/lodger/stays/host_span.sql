-- When each host was heard, by any sensor: silence means something only while the host itself speaks.
SELECT host, min(first_heard) AS first_heard, max(last_heard) AS last_heard FROM host_day GROUP BY host
