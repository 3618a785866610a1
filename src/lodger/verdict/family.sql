-- What is counted as one: a program family on all its hosts, and with it all that came with it (kin). `family` names it, by the first of its
-- programs: one intruder's installer, driver and program are one observation, and so are a setup and what it sets up.
SELECT s.program, min(least(s.program, COALESCE(o.program, s.program))) AS family
FROM stay AS s
LEFT JOIN kin AS k ON k.stay_id = s.stay_id
LEFT JOIN stay AS o ON o.stay_id = k.kin
GROUP BY s.program
