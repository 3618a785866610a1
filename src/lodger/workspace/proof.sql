-- The evidence on one stay, in the order in which a life is told.
SELECT * FROM evidence WHERE stay_id = $stay_id ORDER BY facet_order, first, detector
