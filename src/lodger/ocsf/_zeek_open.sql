-- Connections that were still open when Zeek logged them: open_conn.log (github.com/activecm/zeek-open-connections: every hour) and
-- conn_long.log (github.com/corelight/zeek-long-connections: at growing ages), under the names of conn.log, with what was counted until then.
-- A connection comes again with the same uid, and a last time in conn.log. `duration` is that from its first packet to the last one so far.
SELECT
    source, record, time, other['uid'] AS uid, other['id.orig_h'] AS id_orig_h, TRY_CAST(other['id.orig_p'] AS INTEGER) AS id_orig_p,
    other['id.resp_h'] AS id_resp_h, TRY_CAST(other['id.resp_p'] AS INTEGER) AS id_resp_p, other['proto'] AS proto,
    nullif(other['service'], '-') AS service, TRY_CAST(other['duration'] AS DOUBLE) AS duration, TRY_CAST(other['orig_bytes'] AS BIGINT) AS orig_bytes,
    TRY_CAST(other['resp_bytes'] AS BIGINT) AS resp_bytes, other['conn_state'] AS conn_state,
    lower(other['local_orig']) IN ('t', 'true') AS local_orig, lower(other['local_resp']) IN ('t', 'true') AS local_resp,
    other['community_id'] AS community_id
FROM zeek_other
WHERE path IN ('open_conn', 'conn_long') AND other['uid'] IS NOT NULL AND other['id.orig_h'] IS NOT NULL AND other['id.resp_h'] IS NOT NULL
