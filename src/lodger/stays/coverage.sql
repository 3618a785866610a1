-- What each host's sensors could show at all: one row per host and kind of record that ever arrived from it. A detector whose kind is
-- missing on a host was blind there: its silence says nothing.
SELECT DISTINCT host, kind FROM kind_day
