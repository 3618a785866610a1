"""The lake's tables: what each sensor said, typed, under the sensor's own names.

Every table begins with the same five columns, so that any row leads back to its raw record:

``source``  fingerprint (SHA-256, hex) of the file's content; key of :data:`SOURCE`
``record``  the record's ordinal in that file, from 1 (for line formats: the line number)
``time``    when the record says it happened; UTC, microseconds, no zone attached
``day``     the UTC day of ``time``; the partition
``other``   fields that have no column here, or whose value does not fit its column's type, as text

Column names are matched without regard to case, because the sensors themselves vary (``ProcessId``, ``ProcessID``).
Zeek's dots and EVE's nesting become underscores (``id.orig_h`` -> ``id_orig_h``): a dot is a struct access in SQL.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from lodger.model.statement import STATEMENT

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
    Version=pa.int32(),
    Task=pa.int32(),
    Opcode=TEXT,
    Keywords=TEXT,
    ProviderGuid=TEXT,
    ActivityID=TEXT,
    ExecutionProcessID=COUNT,
    ExecutionThreadID=COUNT,
    UserID=TEXT,
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
        sha1=TEXT, sha256=TEXT, extracted=TEXT,
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

#: What every EVE event says of its packet or flow. ``host`` is the sensor's own name.
_EVE: Final = {
    "flow_id": COUNT, "in_iface": TEXT, "src_ip": TEXT, "src_port": pa.int32(), "dest_ip": TEXT,
    "dest_port": pa.int32(),
    "proto": TEXT, "icmp_type": pa.int32(), "icmp_code": pa.int32(), "app_proto": TEXT, "community_id": TEXT,
    "vlan": TEXTS,
    "tx_id": COUNT, "host": TEXT, "pcap_cnt": COUNT, "pcap_filename": TEXT,
}
_EVE_FLOW: Final = {
    "flow_pkts_toserver": COUNT, "flow_pkts_toclient": COUNT, "flow_bytes_toserver": COUNT,
    "flow_bytes_toclient": COUNT,
    "flow_start": TIME,
}
_EVE_HTTP: Final = {
    "http_hostname": TEXT, "http_http_port": pa.int32(), "http_url": TEXT, "http_http_user_agent": TEXT,
    "http_http_content_type": TEXT, "http_http_refer": TEXT, "http_http_method": TEXT, "http_protocol": TEXT,
    "http_status": COUNT, "http_length": COUNT,
}
_EVE_TLS: Final = {
    "tls_sni": TEXT, "tls_version": TEXT, "tls_subject": TEXT, "tls_issuerdn": TEXT, "tls_serial": TEXT,
    "tls_fingerprint": TEXT, "tls_notbefore": TIME, "tls_notafter": TIME, "tls_session_resumed": FLAG,
    "tls_ja3_hash": TEXT,
    "tls_ja3_string": TEXT, "tls_ja3s_hash": TEXT, "tls_ja3s_string": TEXT, "tls_ja4": TEXT,
}

#: Suricata's EVE events with a table of their own, by event type. Nesting becomes underscores; a list of objects
#: becomes a list for each of their fields (``dns.answers[].rdata`` -> ``dns_answers_rdata``). Names after Suricata's
#: etc/schema.json and userguide, versions 4 to 8 (dns version 1 has an event per answer, 2 ``rrname``, 3 ``queries``).
SURICATA: Final[dict[str, pa.Schema]] = {
    "flow": _table(
        **_EVE, **_EVE_FLOW, flow_end=TIME, flow_age=COUNT, flow_state=TEXT, flow_reason=TEXT, flow_alerted=FLAG,
        flow_bypass=TEXT, app_proto_ts=TEXT, app_proto_tc=TEXT, app_proto_orig=TEXT, tcp_tcp_flags=TEXT,
        tcp_tcp_flags_ts=TEXT, tcp_tcp_flags_tc=TEXT, tcp_state=TEXT,
    ),
    "http": _table(**_EVE, **_EVE_HTTP, http_redirect=TEXT, http_xff=TEXT),
    "tls": _table(
        **_EVE, **_EVE_TLS, tls_from_proto=TEXT, tls_chain=TEXTS, tls_certificate=TEXT, tls_client_subject=TEXT,
    ),
    "dns": _table(
        **_EVE, dns_version=COUNT, dns_type=TEXT, dns_id=COUNT, dns_tx_id=COUNT, dns_flags=TEXT, dns_qr=FLAG,
        dns_aa=FLAG,
        dns_tc=FLAG, dns_rd=FLAG, dns_ra=FLAG, dns_opcode=COUNT, dns_rcode=TEXT, dns_rrname=TEXT, dns_rrtype=TEXT,
        dns_ttl=COUNT, dns_rdata=TEXT, dns_queries_rrname=TEXTS, dns_queries_rrtype=TEXTS, dns_answers_rrname=TEXTS,
        dns_answers_rrtype=TEXTS, dns_answers_ttl=TEXTS, dns_answers_rdata=TEXTS, dns_grouped_A=TEXTS,
        dns_grouped_AAAA=TEXTS, dns_grouped_CNAME=TEXTS,
    ),
    "fileinfo": _table(
        **_EVE, **_EVE_HTTP, fileinfo_filename=TEXT, fileinfo_file_id=COUNT, fileinfo_magic=TEXT, fileinfo_md5=TEXT,
        fileinfo_sha1=TEXT, fileinfo_sha256=TEXT, fileinfo_size=COUNT, fileinfo_start=COUNT, fileinfo_end=COUNT,
        fileinfo_state=TEXT, fileinfo_stored=FLAG, fileinfo_gaps=FLAG, fileinfo_tx_id=COUNT, fileinfo_sid=TEXTS,
        smb_filename=TEXT, smb_share=TEXT,
    ),
    "alert": _table(
        **_EVE, **_EVE_FLOW, **_EVE_HTTP, **_EVE_TLS, direction=TEXT, alert_action=TEXT, alert_gid=COUNT,
        alert_signature_id=COUNT, alert_rev=COUNT, alert_signature=TEXT, alert_category=TEXT, alert_severity=COUNT,
        alert_source_ip=TEXT, alert_target_ip=TEXT, alert_metadata_signature_severity=TEXTS,
        alert_metadata_attack_target=TEXTS, alert_metadata_tag=TEXTS, alert_metadata_malware_family=TEXTS,
        alert_metadata_mitre_tactic_id=TEXTS, alert_metadata_mitre_technique_id=TEXTS, payload=TEXT,
        payload_printable=TEXT, packet=TEXT,
    ),
    "anomaly": _table(
        **_EVE, anomaly_type=TEXT, anomaly_event=TEXT, anomaly_layer=TEXT, anomaly_code=COUNT, anomaly_app_proto=TEXT,
        packet=TEXT,
    ),
    "smb": _table(
        **_EVE, smb_id=COUNT, smb_dialect=TEXT, smb_command=TEXT, smb_status=TEXT, smb_status_code=TEXT,
        smb_session_id=COUNT, smb_tree_id=COUNT, smb_filename=TEXT, smb_share=TEXT, smb_share_type=TEXT,
        smb_disposition=TEXT, smb_access=TEXT, smb_created=TIME, smb_accessed=TIME, smb_modified=TIME, smb_changed=TIME,
        smb_size=COUNT, smb_fuid=TEXT, smb_named_pipe=TEXT, smb_directory=TEXT, smb_rename_from=TEXT,
        smb_rename_to=TEXT, smb_ntlmssp_domain=TEXT, smb_ntlmssp_user=TEXT, smb_ntlmssp_host=TEXT,
        smb_kerberos_realm=TEXT, smb_kerberos_snames=TEXTS,
    ),
    "dhcp": _table(
        **_EVE, dhcp_type=TEXT, dhcp_id=COUNT, dhcp_client_mac=TEXT, dhcp_assigned_ip=TEXT, dhcp_client_ip=TEXT,
        dhcp_relay_ip=TEXT, dhcp_next_server_ip=TEXT, dhcp_dhcp_type=TEXT, dhcp_hostname=TEXT, dhcp_requested_ip=TEXT,
        dhcp_subnet_mask=TEXT, dhcp_routers=TEXTS, dhcp_dns_servers=TEXTS, dhcp_lease_time=COUNT,
        dhcp_renewal_time=COUNT, dhcp_rebinding_time=COUNT, dhcp_client_id=TEXT,
        dhcp_vendor_class_identifier=TEXT, dhcp_params=TEXTS,
    ),
}
# fmt: on

#: Zeek logs, and EVE events, without a table of their own: kept whole, every field in ``other``.
ZEEK_OTHER: Final = _table(path=TEXT)
SURICATA_OTHER: Final = _table(event_type=TEXT)

#: One row per record of the Linux audit log; the records of one event share ``time`` and ``serial``. ``cmd_line``
#: is put together from the arguments of an EXECVE record; what the log writes in hexadecimal is decoded.
AUDITD: Final = _table(
    serial=COUNT,
    success=FLAG,
    exit=COUNT,
    pid=COUNT,
    ppid=COUNT,
    **_texts(
        """
        node type arch syscall auid uid gid euid ses tty comm exe key cwd name nametype proctitle cmd_line
        op acct hostname addr terminal res
        """
    ),
)

#: One row per flow of a capture, under nfstream's names; "" is null. ``time`` is that of its first packet. Bytes are
#: what packets carry (as Zeek counts them), without headers. ``client_fingerprint`` is JA4 of a TLS flow and another
#: thing of others (DHCP options, HASSH); ``server_fingerprint`` is JA3S. Names are cut at 79 bytes by nfstream, user
#: agents at 255.
NFSTREAM_FLOW: Final = _table(
    src_ip=TEXT,
    src_port=pa.int32(),
    dst_ip=TEXT,
    dst_port=pa.int32(),
    protocol=pa.int32(),
    ip_version=pa.int32(),
    vlan_id=pa.int32(),
    src_mac=TEXT,
    dst_mac=TEXT,
    bidirectional_first_seen_ms=COUNT,
    bidirectional_last_seen_ms=COUNT,
    bidirectional_packets=COUNT,
    bidirectional_bytes=COUNT,
    src2dst_packets=COUNT,
    src2dst_bytes=COUNT,
    dst2src_packets=COUNT,
    dst2src_bytes=COUNT,
    application_is_guessed=COUNT,
    application_confidence=COUNT,
    **_texts(
        """
        application_name application_category_name requested_server_name client_fingerprint server_fingerprint
        user_agent content_type
        """
    ),
)

#: One row per record of a forensic collection (Velociraptor, KAPE's parsers, Dissect) that is no Windows event.
#: ``artifact`` is its name as the tool spells it; ``kind`` what it is, in one word for all tools, null where no mapping
#: is known: the columns behind it are then null too, and all fields in ``other``. ``time_source`` is the field that
#: ``time`` comes from. ``collection`` is the path of what the record was collected in, and ``collection_host`` the host
#: that its name says. ``created`` of a file is what its standard information says, ``created_name`` its file name's;
#: ``run_times`` are ISO 8601, UTC.
ARTIFACT: Final = _table(
    **_texts(
        """
        tool artifact kind time_source hostname collection collection_host path name cmd_line user_name md5 sha1 sha256
        signature_status signer reason protocol state local_ip remote_ip query answer contents
        """
    ),
    pid=COUNT,
    ppid=COUNT,
    size=COUNT,
    is_directory=FLAG,
    created=TIME,
    created_name=TIME,
    modified=TIME,
    run_times=TEXTS,
    run_count=COUNT,
    local_port=pa.int32(),
    remote_port=pa.int32(),
)

#: One row per picture, document or program that was carved from traffic, collected, or travelled in the plain HTTP of
#: a capture, with what the walk along its structure says (:mod:`lodger.disguise`). ``time`` is when it was looked into,
#: of a body its first packet's; ``file_name`` is its last part, ``fuid`` Zeek's id of the file where the name has it.
#: ``finding_*`` is the gravest finding, ``findings`` JSON of the first ones. ``md5`` and ``sha1`` are null of files
#: without a finding or anything behind their end; ``image_sha256`` is of a picture's own data, ``tail_sha256`` of what
#: stands behind it, both null where nothing does. Of bodies alone: the ``packet`` it begins in, counted from 1, and the
#: request; ``src`` is the client, ``is_orig`` says that it sent the body, ``media_type`` is as declared.
FILE_INSPECTION: Final = _table(
    **_texts("name file_name kind verdict sha256 sha1 md5 fuid finding_kind finding_sentence findings"),
    **_texts("image_sha256 tail_sha256 src_ip dst_ip method host uri media_type"),
    **dict.fromkeys(("size", "finding_count", "finding_offset", "finding_length", "packet"), COUNT),
    **dict.fromkeys(("src_port", "dst_port", "status_code"), pa.int32()),
    is_orig=FLAG,
)

#: Every table that readers fill.
TELEMETRY: Final[dict[str, pa.Schema]] = {
    "windows_event": WINDOWS_EVENT,
    **{f"zeek_{path}": schema for path, schema in ZEEK.items()},
    "zeek_other": ZEEK_OTHER,
    **{f"suricata_{kind}": schema for kind, schema in SURICATA.items()},
    "suricata_other": SURICATA_OTHER,
    "auditd": AUDITD,
    "artifact": ARTIFACT,
    "nfstream_flow": NFSTREAM_FLOW,
    "file_inspection": FILE_INSPECTION,
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
        # By these a file that grew is known again: length and SHA-256 of its beginning; the source that it grew from
        # itself; its highest record number, and where that record lies. `earlier` counts the records that came from
        # there or are in the lake from other files; they are not in `read`.
        pa.field("head", TEXT),
        pa.field("grew_from", TEXT),
        pa.field("earlier", COUNT),
        pa.field("last", COUNT),
        pa.field("last_table", TEXT),
        pa.field("last_day", pa.date32()),
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

_KEPT: Final = {"kept_aside": KEPT_ASIDE, "source": SOURCE, "container": CONTAINER, "statement": STATEMENT}
#: All tables of the lake by name; those with a ``day`` column are partitioned by it.
LAKE: Final[dict[str, pa.Schema]] = {**TELEMETRY, **_KEPT}
