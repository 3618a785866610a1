-- Destinations that are names, and names that were asked for.
SELECT destination FROM contact_day WHERE named
UNION
SELECT name FROM lookup_day
