-- What never came, over the fleet.
SELECT need, sources, means, COUNT(*) AS hosts FROM unseen GROUP BY need, sources, means ORDER BY hosts DESC, need, sources
