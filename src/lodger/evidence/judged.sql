-- What the calls of every unit say: those that were judged now, and of those before what still holds.
SELECT host, stay_id, unit, name, contacts, mark, judge, log_bayes_factor, family, sleep_seconds, jitter, every, calls, days, span_days, first_time, last_time,
    longest_gap_seconds
FROM judged_now
UNION ALL
SELECT b.host, b.stay_id, b.unit, b.name, b.contacts, b.mark, b.judge, b.log_bayes_factor, b.family, b.sleep_seconds, b.jitter, b.every, b.calls, b.days,
    b.span_days, b.first_time, b.last_time, b.longest_gap_seconds
FROM judged_before AS b
JOIN judge AS j ON j.version = b.judge
JOIN contact_unit AS u ON u.host = b.host AND u.stay_id = b.stay_id AND u.unit = b.unit AND u.name = b.name AND u.contacts = b.contacts AND u.mark = b.mark
