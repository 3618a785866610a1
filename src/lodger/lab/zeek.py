"""Zeek logs as TSV: the shapes of conn, dns, http, ssl, files, x509, pe and dhcp, in the field order of Zeek 7.

Times are UTC microseconds since 1970. A day's rows are gathered, sorted, and written gzipped without a time in the
header, so that the same rows are the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import random
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

DHCP_SERVER: Final = "10.20.255.10"
_DAY: Final = 86_400_000_000
_ID: Final = "uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port "

#: Log path -> fields with their types.
LOGS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    path: tuple((name, kind) for name, _, kind in (part.partition(":") for part in text.split()))
    for path, text in {
        "conn": "ts:time " + _ID + "proto:enum service:string duration:interval orig_bytes:count resp_bytes:count "
        "conn_state:string local_orig:bool local_resp:bool missed_bytes:count history:string orig_pkts:count "
        "orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count tunnel_parents:set[string]",
        "dns": "ts:time " + _ID + "proto:enum trans_id:count rtt:interval query:string qclass:count qclass_name:string "
        "qtype:count qtype_name:string rcode:count rcode_name:string AA:bool TC:bool RD:bool RA:bool Z:count "
        "answers:vector[string] TTLs:vector[interval] rejected:bool",
        "http": "ts:time "
        + _ID
        + "trans_depth:count method:string host:string uri:string referrer:string version:string "
        "user_agent:string origin:string request_body_len:count response_body_len:count status_code:count "
        "status_msg:string info_code:count info_msg:string tags:set[enum] username:string password:string "
        "proxied:set[string] orig_fuids:vector[string] orig_filenames:vector[string] orig_mime_types:vector[string] "
        "resp_fuids:vector[string] resp_filenames:vector[string] resp_mime_types:vector[string]",
        "ssl": "ts:time " + _ID + "version:string cipher:string curve:string server_name:string resumed:bool "
        "last_alert:string next_protocol:string established:bool ssl_history:string cert_chain_fps:vector[string] "
        "client_cert_chain_fps:vector[string] sni_matches_cert:bool",
        "files": "ts:time fuid:string " + _ID + "source:string depth:count analyzers:set[string] mime_type:string "
        "filename:string duration:interval local_orig:bool is_orig:bool seen_bytes:count total_bytes:count "
        "missing_bytes:count overflow_bytes:count timedout:bool parent_fuid:string md5:string sha1:string "
        "sha256:string extracted:string extracted_cutoff:bool extracted_size:count",
        "x509": "ts:time fingerprint:string certificate.version:count certificate.serial:string "
        "certificate.subject:string certificate.issuer:string certificate.not_valid_before:time "
        "certificate.not_valid_after:time certificate.key_alg:string certificate.sig_alg:string "
        "certificate.key_type:string certificate.key_length:count certificate.exponent:string certificate.curve:string "
        "san.dns:vector[string] san.uri:vector[string] san.email:vector[string] san.ip:vector[addr] "
        "basic_constraints.ca:bool basic_constraints.path_len:count host_cert:bool client_cert:bool",
        "pe": "ts:time id:string machine:string compile_ts:time os:string subsystem:string is_exe:bool is_64bit:bool "
        "uses_aslr:bool uses_dep:bool uses_code_integrity:bool uses_seh:bool has_import_table:bool "
        "has_export_table:bool has_cert_table:bool has_debug_data:bool section_names:vector[string]",
        "dhcp": "ts:time uids:set[string] client_addr:addr server_addr:addr mac:string host_name:string "
        "client_fqdn:string domain:string requested_addr:addr assigned_addr:addr lease_time:interval "
        "client_message:string server_message:string msg_types:vector[string] duration:interval",
    }.items()
}


def seconds(time: int) -> str:
    """A time as Zeek writes it: seconds since 1970 with six decimals."""
    whole, micros = divmod(time, 1_000_000)
    return f"{whole}.{micros:06}"


@dataclass(frozen=True)
class Flow:
    """One connection: begun at ``time`` by ``source``; bytes each way, and seconds from first to last packet."""

    time: int
    source: tuple[str, int]
    target: tuple[str, int]
    up: int
    down: int
    duration: float
    proto: str = "tcp"


@dataclass(frozen=True)
class Request:
    """One HTTP request in a flow; ``sent`` and ``got`` are the mime types of its two bodies, "" where there is none."""

    host: str
    uri: str
    agent: str
    method: str = "GET"
    sent: str = ""
    got: str = "text/html"
    filename: str = "-"


@dataclass
class Wire:
    """What the sensor at the network's edge writes, for one day."""

    rng: random.Random
    rows: dict[str, list[tuple[int, str]]] = field(default_factory=lambda: {path: [] for path in LOGS})
    _seen: set[str] = field(default_factory=set)  # certificates logged today: Zeek logs each once a day

    def name(self, kind: str) -> str:
        """A new identifier: ``C`` for connections, ``F`` for files."""
        return f"{kind}{self.rng.getrandbits(68):017x}"

    def _row(self, path: str, time: int, *values: str) -> None:
        self.rows[path].append((time, "\t".join((seconds(time), *values))))

    def flow(self, flow: Flow, service: str) -> str:
        """conn; returns the identity (uid and both ends) that the other logs' rows share."""
        udp = flow.proto == "udp"
        out, back = (1, 1) if udp else (flow.up // 1_300 + 4, flow.down // 1_300 + 4)
        header = 28 if udp else 40  # bytes of IP and UDP or TCP headers in a packet
        who = f"{self.name('C')}\t{flow.source[0]}\t{flow.source[1]}\t{flow.target[0]}\t{flow.target[1]}"
        size = (f"{flow.duration:.6f}", str(flow.up), str(flow.down))
        ways = ("SF", "T", "T" if flow.target[0].startswith("10.") else "F", "0", "Dd" if udp else "ShADadFf")
        packets = (str(out), str(flow.up + header * out), str(back), str(flow.down + header * back))
        self._row("conn", flow.time, who, flow.proto, service, *size, *ways, *packets, "-")
        return who

    def resolve(self, time: int, source: tuple[str, int], server: str, query: str, answer: str) -> None:
        """dns and its conn row: an A record that was found."""
        rtt = self.rng.uniform(0.0004, 0.04)
        who = self.flow(Flow(time, source, (server, 53), len(query) + 18, len(query) + 34, rtt, "udp"), "dns")
        asked = (str(self.rng.getrandbits(16)), f"{rtt:.6f}", query, "1", "C_INTERNET", "1", "A")
        self._row("dns", time, who, "udp", *asked, "0", "NOERROR", "F", "F", "T", "T", "0", answer, "300.000000", "F")

    def http(self, flow: Flow, request: Request) -> None:
        """conn, http, and a files row for each body; ``flow`` counts bodies, headers are added to the connection."""
        whole = replace(flow, up=flow.up + 350, down=flow.down + 280)
        who, time = self.flow(whole, "http"), flow.time + 30_000
        up, down = (flow.up if request.sent else 0), (flow.down if request.got else 0)
        sent = self._file(time, who, request.sent, "-", up, out=True)
        got = self._file(time + 20_000, who, request.got, request.filename, down, out=False)
        asked = ("1", request.method, request.host, request.uri, "-", "1.1", request.agent, "-")
        answered = (str(up), str(down), "200", "OK", "-", "-", "(empty)", "-", "-", "-")
        self._row("http", time, who, *asked, *answered, *sent, *got)

    def _file(self, time: int, who: str, mime: str, name: str, size: int, *, out: bool) -> tuple[str, str, str]:
        """files (and pe, for a program); returns the three columns in which http refers to a body."""
        if not mime:
            return "-", "-", "-"
        fuid, program = self.name("F"), mime == "application/x-dosexec"
        what = ("HTTP", "0", "PE" if program else "(empty)", mime, name, f"{size / 2e6:.6f}", "T", "T" if out else "F")
        self._row("files", time, fuid, who, *what, str(size), str(size), "0", "0", "F", *["-"] * 7)
        if program:
            kind = ("AMD64", seconds(time - 40 * _DAY), "Windows Vista or Windows Server 2008", "WINDOWS_GUI")
            self._row("pe", time, fuid, *kind, *"TTTTFTTFTT", ".text,.rdata,.data,.pdata,.rsrc,.reloc")
        return fuid, name, mime

    def tls(self, flow: Flow, server: str, *, modern: bool) -> None:
        """conn and ssl; before TLS 1.3 (RFC 8446, 4.4.2) the certificate is in the clear, so x509 too."""
        who = self.flow(replace(flow, up=flow.up + 900, down=flow.down + 4_200), "ssl")
        time = flow.time + 40_000
        if modern:
            how = ("TLSv13", "TLS_AES_256_GCM_SHA384", "x25519", server, "F", "-", "h2", "T", "CsiI", "-", "-", "-")
            self._row("ssl", time, who, *how)
            return
        mark = hashlib.sha256(b"certificate " + server.encode()).hexdigest()
        old = ("TLSv12", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "x25519", server, "F", "-", "http/1.1", "T")
        self._row("ssl", time, who, *old, "CsxknGIti", mark, "(empty)", "T")
        if mark not in self._seen:
            self._seen.add(mark)
            begun = 1_690_000_000 + int(mark[:6], 16) % 20_000_000
            names = (mark[:32].upper(), f"CN={server}", "CN=Lantern CA R3,O=Lantern Trust,C=US")
            valid = (f"{begun}.000000", f"{begun + 395 * 86_400}.000000")
            key = ("rsaEncryption", "sha256WithRSAEncryption", "rsa", "2048", "65537", "-")
            self._row("x509", time, mark, "3", *names, *valid, *key, server, "-", "-", "-", "F", "-", "T", "F")

    def lease(self, time: int, client: str, mac: str, name: str, domain: str) -> None:
        """dhcp: a host comes up and gets its usual address."""
        who = (self.name("C"), client, DHCP_SERVER, mac, name, f"{name}.{domain}", domain, client, client)
        self._row("dhcp", time, *who, "691200.000000", "-", "-", "REQUEST,ACK", "0.004100")

    def write(self, folder: Path, day: str) -> int:
        """Write the day's logs into ``folder`` and begin the next day; returns how many rows there were."""
        folder.mkdir(parents=True)
        written = 0
        for path, rows in self.rows.items():
            if rows:
                rows.sort(key=lambda row: row[0])
                text = "\n".join((_header(path, day), *(line for _, line in rows), f"#close\t{day}-23-59-59", ""))
                with (folder / f"{path}.log.gz").open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
                    packed.write(text.encode())
                written += len(rows)
                rows.clear()
        self._seen.clear()
        return written


def _header(path: str, day: str) -> str:
    names, kinds = zip(*LOGS[path], strict=True)
    return "\n".join(
        (
            "#separator \\x09",
            "#set_separator\t,",
            "#empty_field\t(empty)",
            "#unset_field\t-",
            f"#path\t{path}",
            f"#open\t{day}-00-00-00",
            "#fields\t" + "\t".join(names),
            "#types\t" + "\t".join(kinds),
        )
    )
