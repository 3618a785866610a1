-- Every unit of contact for the rhythm kernel: the state that is kept of it, if any, and the times that it does not have, in one list.
SELECT u.host, u.stay_id, u.unit, u.name, u.destination, u.destinations, u.days, u.times, k.head, k.said, k.held
FROM contact_unit AS u
LEFT JOIN unit_known AS k ON k.host = u.host AND k.stay_id = u.stay_id AND k.unit = u.unit AND k.name = u.name
