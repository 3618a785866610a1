-- The contacts, by day, of the stays that have evidence, and the calls that came in to them: what `show` and the report draw.
SELECT c.* FROM contact_day AS c SEMI JOIN ranked AS r ON r.stay_id = c.stay_id
UNION ALL
SELECT c.* FROM call_day AS c SEMI JOIN ranked AS r ON r.stay_id = c.stay_id
