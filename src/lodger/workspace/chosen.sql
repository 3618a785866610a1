-- The cases whose id begins as asked; two are as many as none, but the message differs.
SELECT * FROM ranked WHERE starts_with(stay_id, $stay_id) ORDER BY rank LIMIT 2
