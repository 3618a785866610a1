-- The names that leases, tickets and logons have said until now.
SELECT name, realm FROM name_said
