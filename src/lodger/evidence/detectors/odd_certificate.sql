-- Rare places whose certificate is self-signed, was less than three days old when the fleet first
-- went there, or holds for more than 1,900 days: no public authority has given more than 60 months since 2012 (CA/Browser Forum,
-- Baseline Requirements 1.0, 9.4.1). Authorities that sign for 90 days make young ones too, of the same place again and again: only the
-- first contact counts.
WITH earliest AS (
    SELECT destination, min(shown) AS shown FROM odd_certificate_rows WHERE stay_id IS NULL GROUP BY destination
),
odd AS (
    SELECT o.stay_id, o.first, o.last, o.refs, o.records, p.hosts, p.fleet_hosts, p.since,
        CASE o.oddity
            WHEN 'self-signed' THEN 'shown a self-signed certificate by '
            WHEN 'long' THEN 'shown a certificate valid for longer than authorities give by '
            ELSE 'shown a certificate less than three days old by '
        END || o.destination || COALESCE(' (' || o.issuer || ')', '') AS what
    FROM odd_certificate_rows AS o
    JOIN place_spread AS p ON p.destination = o.destination
    JOIN earliest AS e ON e.destination = o.destination
    WHERE o.stay_id IS NOT NULL AND p.rare AND (o.oddity <> 'young' OR o.shown = e.shown)
)
SELECT stay_id, min(first) AS first, max(last) AS last, array_slice(list_sort(list_distinct(flatten(list(refs)))), 1, 20) AS refs,
    CAST(sum(records) AS BIGINT) AS records, list_sort(list(DISTINCT what)) AS what, max(hosts) AS hosts, max(fleet_hosts) AS fleet_hosts,
    CAST(min(since) AS VARCHAR) AS since
FROM odd
GROUP BY stay_id
