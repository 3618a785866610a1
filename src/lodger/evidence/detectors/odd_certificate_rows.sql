-- Certificates that are odd in themselves, by place and day: self-signed; valid for more than 1,900 days; or less than three days old when shown (`shown` is when, and only
-- the day's first showing there counts). Rows without a stay tell when a place first showed any on a day.
WITH certified AS (
    SELECT c.stay_id, c.destination, CAST(c.time AS DATE) AS day, c.time, c.ref, k.time AS shown, k.issuer,
        min(k.time) OVER (PARTITION BY c.destination, CAST(c.time AS DATE)) AS day_shown,
        CASE
            WHEN k.subject = k.issuer THEN 'self-signed'
            WHEN date_diff('second', k.valid_from, k.valid_until) > 1900 * 86400 THEN 'long'
            WHEN date_diff('second', k.valid_from, k.time) BETWEEN 0 AND 3 * 86400 - 1 THEN 'young'
        END AS oddity
    FROM stay_contact AS c
    JOIN contact_certificate AS k ON k.ref = c.ref
),
odd AS (
    SELECT stay_id, destination, day, time, ref, oddity, issuer, CASE WHEN oddity = 'young' THEN shown END AS shown
    FROM certified
    WHERE oddity IN ('self-signed', 'long') OR (oddity = 'young' AND shown = day_shown)
)
SELECT stay_id, destination, day, oddity, issuer, shown, min(time) AS first, max(time) AS last,
    array_slice(list_sort(list(DISTINCT ref)), 1, 20) AS refs, COUNT(DISTINCT ref) AS records
FROM odd
GROUP BY stay_id, destination, day, oddity, issuer, shown
UNION ALL
SELECT DISTINCT NULL, destination, day, NULL, NULL, day_shown, NULL, NULL, NULL, 0 FROM certified
