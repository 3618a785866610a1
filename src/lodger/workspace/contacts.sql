-- One stay's contacts by destination and day.
SELECT * FROM contact_day WHERE stay_id = $stay_id ORDER BY destination, day
