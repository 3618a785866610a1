"""The lake's tables: what each sensor said, typed, under the sensor's own names.

Every table begins with the same five columns, so that any row leads back to its raw record:

``source``  fingerprint (SHA-256, hex) of the file's content; key of :data:`SOURCE`
``record``  the record's ordinal in that file, from 1 (for line formats: the line number)
``time``    when the record says it happened; UTC, microseconds, no zone attached
``day``     the UTC day of ``time``; the partition
``other``   fields that have no column here, or whose value does not fit its column's type, as text

Column names are matched without regard to case, because the sensors themselves vary (``ProcessId``, ``ProcessID``).
Zeek's dots become underscores (``id.orig_h`` -> ``id_orig_h``): a dot is a struct access in SQL.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

TIME: Final = pa.timestamp("us")
TEXT: Final = pa.string()
TEXTS: Final = pa.list_(pa.string())
COUNT: Final = pa.int64()
SECONDS: Final = pa.float64()
FLAG: Final = pa.bool_()
OTHER: Final = pa.map_(pa.string(), pa.string())

_LEAD: Final = [
    pa.field("source", TEXT, nullable=False),
    pa.field("record", COUNT, nullable=False),
    pa.field("time", TIME, nullable=False),
    pa.field("day", pa.date32(), nullable=False),
]


def _table(**columns: pa.DataType) -> pa.Schema:
    return pa.schema([*_LEAD, *(pa.field(name, kind) for name, kind in columns.items()), pa.field("other", OTHER)])


def _texts(names: str) -> dict[str, pa.DataType]:
    return dict.fromkeys(names.split(), TEXT)


#: One row per Windows event of any channel and any export format. EventData and UserData fields that Sysmon,
#: Security, System, PowerShell, CodeIntegrity and TaskScheduler are read for have columns; all others go to
#: ``other``. All are text, as Windows renders them: the OCSF views give them types.
WINDOWS_EVENT: Final = _table(
    Computer=TEXT,
    Channel=TEXT,
    Provider=TEXT,
    EventID=pa.int32(),
    EventRecordID=COUNT,
    Level=pa.int32(),
    Message=TEXT,
    **_texts(
        # Sysmon 1-29
        """
        UtcTime RuleName ProcessGuid ProcessId Image FileVersion Description Product Company OriginalFileName
        CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes
        ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser TargetFilename
        CreationUtcTime PreviousCreationUtcTime Protocol Initiated SourceIp SourceHostname SourcePort
        DestinationIp DestinationHostname DestinationPort ImageLoaded Signed Signature SignatureStatus
        SourceProcessGuid SourceProcessId SourceImage SourceUser TargetProcessGuid TargetProcessId TargetImage
        TargetUser GrantedAccess CallTrace StartAddress StartModule StartFunction Device EventType
        TargetObject Details NewName Hash Contents PipeName EventNamespace Name Query Operation Type
        Destination Consumer Filter QueryName QueryStatus QueryResults IsExecutable Archived
        """
        # Security
        """
        SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId TargetUserSid TargetUserName
        TargetDomainName TargetLogonId NewProcessId NewProcessName ProcessName ParentProcessName
        TokenElevationType MandatoryLabel LogonType LogonProcessName AuthenticationPackageName WorkstationName
        IpAddress IpPort TargetServerName Application Direction SourceAddress DestAddress DestPort
        ObjectServer ObjectType ObjectName ObjectValueName HandleId AccessMask AccessList PrivilegeList
        EnabledPrivilegeList ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount
        ClientProcessId TaskName TaskContent ShareName RelativeTargetName Status SubStatus TargetName
        CountOfCredentialsReturned NewValue OldValue OperationType
        """
        # System, PowerShell, TaskScheduler, CodeIntegrity
        """
        ImagePath StartType AccountName param1 param2 ScriptBlockText ScriptBlockId Path HostApplication
        ActionName UserContext FileNameBuffer FileName PublisherName IssuerName
        """
    ),
)

# One column a line would make the schemas three hundred lines long.
# fmt: off
_CONN_ID: Final = {"uid": TEXT, "id_orig_h": TEXT, "id_orig_p": pa.int32(), "id_resp_h": TEXT, "id_resp_p": pa.int32()}

#: Zeek logs with a table of their own, by log path. Names and types after Zeek 7's own log schemas
#: (base/protocols/*/main.zeek).
ZEEK: Final[dict[str, pa.Schema]] = {
    "conn": _table(
        **_CONN_ID, proto=TEXT, service=TEXT, duration=SECONDS, orig_bytes=COUNT, resp_bytes=COUNT, conn_state=TEXT,
        local_orig=FLAG, local_resp=FLAG, missed_bytes=COUNT, history=TEXT, orig_pkts=COUNT, orig_ip_bytes=COUNT,
        resp_pkts=COUNT, resp_ip_bytes=COUNT, tunnel_parents=TEXTS, community_id=TEXT,
    ),
    "http": _table(
        **_CONN_ID, trans_depth=COUNT, method=TEXT, host=TEXT, uri=TEXT, referrer=TEXT, version=TEXT, user_agent=TEXT,
        origin=TEXT, request_body_len=COUNT, response_body_len=COUNT, status_code=COUNT, status_msg=TEXT, tags=TEXTS,
        username=TEXT, proxied=TEXTS, orig_fuids=TEXTS, orig_filenames=TEXTS, orig_mime_types=TEXTS, resp_fuids=TEXTS,
        resp_filenames=TEXTS, resp_mime_types=TEXTS,
    ),
    "ssl": _table(
        **_CONN_ID, version=TEXT, cipher=TEXT, curve=TEXT, server_name=TEXT, resumed=FLAG, last_alert=TEXT,
        next_protocol=TEXT, established=FLAG, ssl_history=TEXT, cert_chain_fps=TEXTS, cert_chain_fuids=TEXTS,
        client_cert_chain_fps=TEXTS, subject=TEXT, issuer=TEXT, validation_status=TEXT, sni_matches_cert=FLAG, ja3=TEXT,
        ja3s=TEXT, ja4=TEXT,
    ),
    "dns": _table(
        **_CONN_ID, proto=TEXT, trans_id=COUNT, rtt=SECONDS, query=TEXT, qclass_name=TEXT, qtype=COUNT, qtype_name=TEXT,
        rcode=COUNT, rcode_name=TEXT, AA=FLAG, TC=FLAG, RD=FLAG, RA=FLAG, answers=TEXTS, TTLs=TEXTS, rejected=FLAG,
    ),
    "files": _table(
        **_CONN_ID, fuid=TEXT, tx_hosts=TEXTS, rx_hosts=TEXTS, conn_uids=TEXTS, depth=COUNT, analyzers=TEXTS,
        mime_type=TEXT, filename=TEXT, duration=SECONDS, local_orig=FLAG, is_orig=FLAG, seen_bytes=COUNT,
        total_bytes=COUNT, missing_bytes=COUNT, overflow_bytes=COUNT, timedout=FLAG, parent_fuid=TEXT, md5=TEXT,
        sha1=TEXT, sha256=TEXT,
        extracted=TEXT,
    ),
    "x509": _table(
        fingerprint=TEXT, id=TEXT, certificate_version=COUNT, certificate_serial=TEXT, certificate_subject=TEXT,
        certificate_issuer=TEXT, certificate_not_valid_before=TIME, certificate_not_valid_after=TIME,
        certificate_key_alg=TEXT, certificate_sig_alg=TEXT, certificate_key_type=TEXT, certificate_key_length=COUNT,
        san_dns=TEXTS, san_uri=TEXTS, san_email=TEXTS, san_ip=TEXTS, basic_constraints_ca=FLAG, host_cert=FLAG,
    ),
    "dhcp": _table(
        uids=TEXTS, client_addr=TEXT, server_addr=TEXT, mac=TEXT, host_name=TEXT, client_fqdn=TEXT, domain=TEXT,
        requested_addr=TEXT, assigned_addr=TEXT, lease_time=SECONDS, msg_types=TEXTS, duration=SECONDS,
    ),
    "pe": _table(
        id=TEXT, machine=TEXT, compile_ts=TIME, os=TEXT, subsystem=TEXT, is_exe=FLAG, is_64bit=FLAG, uses_aslr=FLAG,
        uses_dep=FLAG, uses_code_integrity=FLAG, uses_seh=FLAG, has_import_table=FLAG, has_export_table=FLAG,
        has_cert_table=FLAG, has_debug_data=FLAG, section_names=TEXTS,
    ),
    "kerberos": _table(
        **_CONN_ID, request_type=TEXT, client=TEXT, service=TEXT, success=FLAG, error_msg=TEXT, till=TIME, cipher=TEXT,
        forwardable=FLAG, renewable=FLAG,
    ),
    "ntlm": _table(
        **_CONN_ID, username=TEXT, hostname=TEXT, domainname=TEXT, server_nb_computer_name=TEXT,
        server_dns_computer_name=TEXT, server_tree_name=TEXT, success=FLAG,
    ),
    "smb_files": _table(
        **_CONN_ID, fuid=TEXT, action=TEXT, path=TEXT, name=TEXT, size=COUNT, prev_name=TEXT, times_modified=TIME,
        times_accessed=TIME, times_created=TIME, times_changed=TIME,
    ),
    "smb_mapping": _table(**_CONN_ID, path=TEXT, service=TEXT, native_file_system=TEXT, share_type=TEXT),
}
# fmt: on

#: Zeek logs without a table of their own: kept whole, every field in ``other``.
ZEEK_OTHER: Final = _table(path=TEXT)

#: Every table that readers fill.
TELEMETRY: Final[dict[str, pa.Schema]] = {
    "windows_event": WINDOWS_EVENT,
    **{f"zeek_{path}": schema for path, schema in ZEEK.items()},
    "zeek_other": ZEEK_OTHER,
}

#: Records that could not be stored as what they claim to be: the reason, and the raw bytes as far as they are bounded.
KEPT_ASIDE: Final = pa.schema(
    [
        pa.field("source", TEXT, nullable=False),
        pa.field("record", COUNT, nullable=False),
        pa.field("reason", TEXT, nullable=False),
        pa.field("raw", pa.binary()),
    ]
)

#: One row per file that was read to its end; the promise that it will not be read again.
SOURCE: Final = pa.schema(
    [
        pa.field("source", TEXT, nullable=False),  # SHA-256 of the content, unpacked
        pa.field("name", TEXT, nullable=False),  # as a person finds it again: "logs.zip!host/security.evtx"
        pa.field("container", TEXT, nullable=False),  # SHA-256 of the outermost file as it lies on disk
        pa.field("reader", TEXT, nullable=False),  # "" where no reader knows the content
        pa.field("bytes", COUNT, nullable=False),
        pa.field("read", COUNT, nullable=False),  # records seen = stored + kept aside
        pa.field("stored", COUNT, nullable=False),
        pa.field("aside", COUNT, nullable=False),
        pa.field("problem", TEXT),  # one line: what stopped the reading early, or why nothing was read
        pa.field("ingested", TIME, nullable=False),
    ]
)

#: One row per file found in a container (an archive, or a compressed file) that was read to its end without a
#: problem; a container's rows land in one commit, after those of :data:`SOURCE`: the promise that it will not be
#: unpacked again.
CONTAINER: Final = pa.schema(
    [
        pa.field("container", TEXT, nullable=False),  # SHA-256 of the outermost file as it lies on disk
        pa.field("name", TEXT, nullable=False),
        pa.field("source", TEXT, nullable=False),  # key of SOURCE, whichever container the content was first found in
    ]
)

#: All tables of the lake by name; those with a ``day`` column are partitioned by it.
LAKE: Final[dict[str, pa.Schema]] = {**TELEMETRY, "kept_aside": KEPT_ASIDE, "source": SOURCE, "container": CONTAINER}
