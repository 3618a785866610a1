-- Every unit of contact, its times in one list each, for the rhythm kernel.
SELECT host, stay_id, destination, destinations, days, times FROM contact_unit
