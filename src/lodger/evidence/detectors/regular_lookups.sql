-- As for calls: above what chance gives (10 nats). That few ask for the name at all, and that it is not a cache that asks, holds for every
-- unit of this kind.
SELECT r.stay_id, r.first_time AS first, r.last_time AS last, f.refs, u.contacts AS records, r.destination AS place, r.every, r.calls, r.days, r.span_days
FROM rhythm AS r
JOIN contact_unit AS u ON u.host = r.host AND u.stay_id = r.stay_id AND u.destination = r.destination
JOIN unit_ref AS f ON f.host = r.host AND f.stay_id = r.stay_id AND f.destination = r.destination
WHERE r.log_bayes_factor > 10 AND u.unit IN ('lookup', 'lookups')
QUALIFY row_number() OVER (PARTITION BY r.stay_id ORDER BY r.log_bayes_factor DESC, r.destination) = 1
