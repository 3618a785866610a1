-- Every unit of contact for the rhythm kernel.
SELECT host, stay_id, unit, name, destination, destinations, times FROM contact_unit
