-- Log Bayes factor of sleep against ordinary, above what chance gives (10 nats), to a place that few others call regularly.
WITH regular AS (
    SELECT *, row_number() OVER (PARTITION BY stay_id ORDER BY log_bayes_factor DESC, destination) AS number
    FROM rhythm WHERE log_bayes_factor > 10
),
part AS (
    SELECT *, unnest(destinations) AS called FROM regular
),
spread AS (
    SELECT called, COUNT(DISTINCT host) AS hosts FROM part GROUP BY called
),
fleet AS (
    SELECT COUNT(*) AS hosts FROM host_span
)
SELECT r.stay_id, min(r.first_time) AS first, max(r.last_time) AS last, list_sort(list(DISTINCT c.ref)) AS refs,
    CAST(sum(CASE WHEN r.choice = 1 THEN c.contacts ELSE 0 END) AS BIGINT) AS records,
    min_by(r.destination, r.number) AS place, min_by(r.every, r.number) AS every,
    min_by(r.calls, r.number) AS calls, min_by(r.days, r.number) AS days, min_by(r.span_days, r.number) AS span_days
FROM (
    SELECT p.*, row_number() OVER (PARTITION BY p.stay_id, p.called ORDER BY p.number) AS choice
    FROM part AS p
    JOIN spread AS s ON s.called = p.called
    CROSS JOIN fleet AS f
    WHERE s.hosts <= greatest(1, f.hosts / 20)
) AS r
JOIN contact_day AS c ON c.stay_id = r.stay_id AND c.destination = r.called
GROUP BY r.stay_id
