-- Log Bayes factor of sleep against ordinary, above what chance gives, of calls to a place that few others call regularly, or by one that
-- calls few others so; where more than three call a program regularly, it serves. Chance gives 6 nats (more after five days) to one unit in
-- a thousand, and a stay has as many chances as units: their number's logarithm is asked for besides, of what is told, though not of what
-- is counted to tell how common it is. Calls at random are regular only where few go at all: of the many hosts of a popular place some will
-- look so by chance. The surest of a stay is told.
WITH counted AS (
    SELECT host, stay_id, COUNT(*) AS units FROM contact_unit WHERE unit NOT IN ('lookup', 'lookups') GROUP BY host, stay_id
),
regular AS (
    SELECT r.stay_id, r.host, r.family, u.unit, r.destination, r.destinations, r.log_bayes_factor, r.every, r.calls, r.days, r.span_days, r.first_time, r.last_time,
        u.contacts, f.refs, ln(j.units) AS chances, COUNT(CASE WHEN u.unit = 'caller' THEN 1 END) OVER (PARTITION BY r.stay_id) AS callers
    FROM rhythm AS r JOIN contact_unit AS u ON u.host = r.host AND u.stay_id = r.stay_id AND u.destination = r.destination
    JOIN unit_ref AS f ON f.host = r.host AND f.stay_id = r.stay_id AND f.destination = r.destination
    JOIN counted AS j ON j.host = r.host AND j.stay_id = r.stay_id
    WHERE r.log_bayes_factor > greatest(6, 1 + 3 * ln(r.span_days)) AND u.unit NOT IN ('lookup', 'lookups')
),
part AS (
    SELECT host, stay_id, destination, family, unnest(destinations) AS called FROM regular
),
spread AS (
    SELECT called, COUNT(DISTINCT host) AS hosts FROM part GROUP BY called
),
visited AS (
    SELECT g.destination, COUNT(DISTINCT g.host) AS hosts
    FROM contact_pair AS g JOIN spread AS s ON s.called = g.destination
    GROUP BY g.destination
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
),
rare AS (
    -- all of the places behind one: a timer of the fleet does not become one host's own by standing beside a name of its own
    SELECT p.stay_id, p.destination
    FROM part AS p
    JOIN spread AS s ON s.called = p.called
    LEFT JOIN visited AS v ON v.destination = p.called
    CROSS JOIN fleet AS f
    GROUP BY p.stay_id, p.destination
    HAVING max(CASE WHEN p.family IN ('memoryless', 'daily') THEN greatest(s.hosts, COALESCE(v.hosts, 0)) ELSE s.hosts END) <= greatest(1, max(f.hosts) / 20)
)
SELECT r.stay_id, r.first_time AS first, r.last_time AS last, r.refs, r.contacts AS records,
    CASE WHEN r.unit = 'caller' THEN 'is called ' ELSE 'calls ' END || r.destination AS place, r.every, r.calls, r.days, r.span_days
FROM regular AS r
JOIN rare AS k ON k.stay_id = r.stay_id AND k.destination = r.destination
WHERE r.log_bayes_factor > greatest(6, 1 + 3 * ln(r.span_days)) + r.chances AND (r.unit <> 'caller' OR r.callers <= 3)
QUALIFY row_number() OVER (PARTITION BY r.stay_id ORDER BY r.log_bayes_factor DESC, r.destination) = 1
