-- All that was ever said of who signed what (signature_said): one row for each host, program, file and word.
SELECT
    host, program, place, role, by_program, min(path) AS path, is_signed, signer, issuer, serial, thumbprint, status, sha256, sha1, md5,
    authentihash, compiled, signed_at, sensor, min(first_said) AS first_said, max(last_said) AS last_said,
    CAST(sum(observations) AS BIGINT) AS observations, min(ref) AS ref
FROM signature_said
GROUP BY host, program, place, role, by_program, is_signed, signer, issuer, serial, thumbprint, status, sha256, sha1, md5,
    authentihash, compiled, signed_at, sensor
