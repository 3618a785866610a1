-- What is told of each unit of contact: one row per pair. `destinations` are those of the contact tables that are behind this one (several where
-- they are names of one address), `days` those with a call, `span_days` all from first to last.
SELECT u.host, u.stay_id, u.destination, u.destinations, j.log_bayes_factor, j.family, j.sleep_seconds, j.jitter, j.every, j.calls, j.days, j.span_days,
    j.first_time, j.last_time, j.longest_gap_seconds
FROM contact_unit AS u
JOIN judged AS j ON j.host = u.host AND j.stay_id = u.stay_id AND j.unit = u.unit AND j.name = u.name
