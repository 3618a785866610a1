-- Which certificates the destinations of contacts showed.
SELECT DISTINCT k.certificate, c.destination FROM contact_certificate AS k JOIN stay_contact AS c ON c.ref = k.ref
