-- The ranked table.
SELECT * FROM ranked ORDER BY rank
