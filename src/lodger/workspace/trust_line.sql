-- A stay's trust, line by line: what sensors said when, what holds from when, and when that was learned.
SELECT time, sentence, learned
FROM (
    SELECT
        first_said AS time, word || ', on the word of ' || sensor || ', ' || CAST(observations AS VARCHAR) || ' time(s) until ' || CAST(CAST(last_said AS DATE) AS VARCHAR)
            || CASE WHEN files > 1 THEN ', ' || CAST(files AS VARCHAR) || ' files' ELSE '' END AS sentence, FALSE AS learned, stay_id
    FROM signature_line
    UNION ALL
    SELECT valid_from, word || ': holds from here on; learned ' || CASE WHEN known_from > valid_from THEN 'later, on ' ELSE '' END || CAST(CAST(known_from AS DATE) AS VARCHAR), FALSE, stay_id
    FROM statement_line
    WHERE valid_from IS NOT NULL AND CAST(valid_from AS DATE) <> CAST(known_from AS DATE)
    UNION ALL
    SELECT known_from, 'learned: ' || word || COALESCE('; holds from ' || CAST(CAST(valid_from AS DATE) AS VARCHAR), ''), TRUE, stay_id
    FROM statement_line
) AS lines
WHERE stay_id = $stay_id
ORDER BY time, learned, sentence
