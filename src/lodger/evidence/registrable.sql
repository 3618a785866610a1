-- Destinations that are names.
SELECT DISTINCT destination FROM contact_day WHERE named
