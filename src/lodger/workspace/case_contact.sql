-- The contacts, by day, of the stays that have evidence: what `show` and the report draw.
SELECT c.* FROM contact_day AS c SEMI JOIN ranked AS r ON r.stay_id = c.stay_id
