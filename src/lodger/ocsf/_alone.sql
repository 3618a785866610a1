-- The rows of a class where one network sensor tells all connections: there is nobody whose ids they must agree with, and none is computed.
SELECT s.* EXCLUDE (connection_community_given), s.connection_community_given AS connection_link_uid, s.connection_community_given AS connection_community_uid
FROM _network_activity AS s
