-- Destinations that are names, and names that were asked for.
SELECT destination FROM contact_pair WHERE named AND NOT called
UNION
SELECT name FROM lookup_sum
