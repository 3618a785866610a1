"""Zeek logs as TSV: the shapes of conn, dns, http, ssl, files, x509, pe and dhcp, in the field order of Zeek 7.

Times are UTC microseconds since 1970. A day's rows are gathered, sorted, and written gzipped without a time in the
header, so that the same rows are the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

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
        "http": "ts:time " + _ID + "trans_depth:count method:string host:string uri:string referrer:string version:string "
        "user_agent:string origin:string request_body_len:count response_body_len:count status_code:count "
        "status_msg:string info_code:count info_msg:string tags:set[enum] username:string password:string "
        "proxied:set[string] orig_fuids:vector[string] orig_filenames:vector[string] orig_mime_types:vector[string] "
        "resp_fuids:vector[string] resp_filenames:vector[string] resp_mime_types:vector[string]",
        "ssl": "ts:time " + _ID + "version:string cipher:string curve:string server_name:string resumed:bool "
        "last_alert:string next_protocol:string established:bool ssl_history:string cert_chain_fps:vector[string] "
        "client_cert_chain_fps:vector[string] sni_matches_cert:bool",
        "files": "ts:time fuid:string " + _ID + "source:string depth:count analyzers:set[string] mime_type:string "
        "filename:string duration:interval local_orig:bool is_orig:bool seen_bytes:count total_bytes:count "
        "missing_bytes:count overflow_bytes:count timedout:bool parent_fuid:string md5:string sha1:string sha256:string "
        "extracted:string extracted_cutoff:bool extracted_size:count",
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

    def flow(self, flow: Flow, service: str) -> str:
        """conn; returns the head that the other logs' rows share."""
        packets = (max(2, flow.up // 1_300 + 4), max(2, flow.down // 1_300 + 4))
        if flow.proto == "udp":
            packets = (1, 1)
        overhead = 28 if flow.proto == "udp" else 40
        who = f"{self.name('C')}\t{flow.source[0]}\t{flow.source[1]}\t{flow.target[0]}\t{flow.target[1]}"
        inside = "T" if flow.target[0].startswith("10.") else "F"
        history = "Dd" if flow.proto == "udp" else "ShADadFf"
        self.rows["conn"].append((flow.time, (
            f"{seconds(flow.time)}\t{who}\t{flow.proto}\t{service}\t{flow.duration:.6f}\t{flow.up}\t{flow.down}\tSF\tT\t{inside}\t0\t"
            f"{history}\t{packets[0]}\t{flow.up + overhead * packets[0]}\t{packets[1]}\t{flow.down + overhead * packets[1]}\t-"
        )))
        return who

    def resolve(self, time: int, source: tuple[str, int], server: str, query: str, answers: tuple[str, ...]) -> None:
        """dns and its conn row."""
        rtt = self.rng.uniform(0.0004, 0.04)
        flow = Flow(time, source, (server, 53), len(query) + 18, len(query) + 18 + 16 * len(answers), rtt, "udp")
        who = self.flow(flow, "dns")
        ttl = ",".join("300.000000" for _ in answers) or "-"
        code = "0\tNOERROR" if answers else "3\tNXDOMAIN"
        self.rows["dns"].append((time, (
            f"{seconds(time)}\t{who}\tudp\t{self.rng.getrandbits(16)}\t{rtt:.6f}\t{query}\t1\tC_INTERNET\t1\tA\t{code}\t"
            f"F\tF\tT\tT\t0\t{','.join(answers) or '-'}\t{ttl}\tF"
        )))

    def http(self, flow: Flow, request: Request) -> None:
        """conn, http, and a files row for each body."""
        who = self.flow(Flow(flow.time, flow.source, flow.target, flow.up + 350, flow.down + 280, flow.duration), "http")
        time = flow.time + 30_000
        sent = self._file(time, who, request, flow.up, up=True) if request.sent else ("-", "-", "-")
        got = self._file(time + 20_000, who, request, flow.down, up=False) if request.got else ("-", "-", "-")
        up, down = (flow.up if request.sent else 0), (flow.down if request.got else 0)
        self.rows["http"].append((time, (
            f"{seconds(time)}\t{who}\t1\t{request.method}\t{request.host}\t{request.uri}\t-\t1.1\t{request.agent}\t-\t{up}\t{down}\t200\tOK"
            f"\t-\t-\t(empty)\t-\t-\t-\t" + "\t".join(sent) + "\t" + "\t".join(got)
        )))

    def _file(self, time: int, who: str, request: Request, size: int, *, up: bool) -> tuple[str, str, str]:
        fuid, mime = self.name("F"), request.sent if up else request.got
        analyzers = "PE" if mime == "application/x-dosexec" else "(empty)"
        name = request.filename if not up else "-"
        self.rows["files"].append((time, (
            f"{seconds(time)}\t{fuid}\t{who}\tHTTP\t0\t{analyzers}\t{mime}\t{name}\t{size / 2e6:.6f}\tT\t{'T' if up else 'F'}\t{size}\t"
            f"{size}\t0\t0\tF\t-\t-\t-\t-\t-\t-\t-"
        )))
        if mime == "application/x-dosexec":
            self.rows["pe"].append((time, (
                f"{seconds(time)}\t{fuid}\tAMD64\t{seconds(time - 40 * 86_400_000_000)}\tWindows Vista or Windows Server 2008\t"
                "WINDOWS_GUI\tT\tT\tT\tT\tF\tT\tT\tF\tT\tT\t.text,.rdata,.data,.pdata,.rsrc,.reloc"
            )))
        return fuid, name, mime

    def tls(self, flow: Flow, server: str, *, modern: bool) -> None:
        """conn and ssl; before TLS 1.3 (RFC 8446, 4.4.2) the certificate is in the clear, so x509 too."""
        who = self.flow(Flow(flow.time, flow.source, flow.target, flow.up + 900, flow.down + 4_200, flow.duration), "ssl")
        time = flow.time + 40_000
        if modern:
            how, after = "TLSv13\tTLS_AES_256_GCM_SHA384\tx25519", "F\t-\th2\tT\tCsiI\t-\t-\t-"
        else:
            print_ = hashlib.sha256(b"certificate " + server.encode()).hexdigest()
            how = "TLSv12\tTLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\tx25519"
            after = f"F\t-\thttp/1.1\tT\tCsxknGIti\t{print_}\t(empty)\tT"
            self._certificate(time, server, print_)
        self.rows["ssl"].append((time, f"{seconds(time)}\t{who}\t{how}\t{server}\t{after}"))

    def _certificate(self, time: int, server: str, fingerprint: str) -> None:
        if fingerprint in self._seen:
            return
        self._seen.add(fingerprint)
        begun = 1_690_000_000 + int(fingerprint[:6], 16) % 20_000_000
        self.rows["x509"].append((time, (
            f"{seconds(time)}\t{fingerprint}\t3\t{fingerprint[:32].upper()}\tCN={server}\tCN=Lantern CA R3,O=Lantern Trust,C=US\t"
            f"{begun}.000000\t{begun + 34_128_000}.000000\trsaEncryption\tsha256WithRSAEncryption\trsa\t2048\t65537\t-\t{server}\t-\t-\t-\tF\t-\tT\tF"
        )))

    def lease(self, time: int, client: str, server: str, mac: str, name: str, domain: str) -> None:
        """dhcp: a host comes up and gets its usual address."""
        self.rows["dhcp"].append((time, (
            f"{seconds(time)}\t{self.name('C')}\t{client}\t{server}\t{mac}\t{name}\t{name}.{domain}\t{domain}\t{client}\t{client}\t"
            "691200.000000\t-\t-\tREQUEST,ACK\t0.004100"
        )))

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
    return "\n".join((
        "#separator \\x09", "#set_separator\t,", "#empty_field\t(empty)", "#unset_field\t-", f"#path\t{path}",
        f"#open\t{day}-00-00-00", "#fields\t" + "\t".join(names), "#types\t" + "\t".join(kinds),
    ))
