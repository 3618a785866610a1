-- Suricata's flows with the time at which they began: the record's own time stamp is when it was logged, minutes later, and in a
-- capture read from a file it is the first packet's. A start that no clock can have shown is not used.
SELECT
    f.*,
    CASE WHEN f.flow_start >= CAST('1970-01-02' AS TIMESTAMP) AND f.flow_start < CAST('2100-01-01' AS TIMESTAMP) THEN f.flow_start ELSE f.time END
        AS start_time
FROM suricata_flow AS f
