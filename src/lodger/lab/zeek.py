"""Zeek logs as TSV: the shapes of conn, dns, http, ssl, files, x509, pe and dhcp, in the field order of Zeek 7.

Times are UTC microseconds since 1970. A day's rows are gathered, sorted, and written gzipped without a time in the
header, so that the same rows are the same bytes.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from lodger.lab.people import DOMAIN
from lodger.lab.pki import certificate

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
        "smb_mapping": "ts:time " + _ID + "path:string service:string native_file_system:string share_type:string",
        "smb_files": "ts:time " + _ID + "fuid:string action:enum path:string name:string size:count prev_name:string "
        "times.modified:time times.accessed:time times.created:time times.changed:time",
        "ntlm": "ts:time " + _ID + "username:string hostname:string domainname:string server_nb_computer_name:string "
        "server_dns_computer_name:string server_tree_name:string success:bool",
        "kerberos": "ts:time " + _ID + "request_type:string client:string service:string success:bool "
        "error_msg:string from:time till:time cipher:string forwardable:bool renewable:bool "
        "client_cert_subject:string client_cert_fuid:string server_cert_subject:string server_cert_fuid:string",
    }.items()
}


def seconds(time: int) -> str:
    """A time as Zeek writes it: seconds since 1970 with six decimals."""
    return f"{time // 1_000_000}.{time % 1_000_000:06}"


class Flow(NamedTuple):
    """One connection: begun at ``time`` by ``source``; bytes each way, and seconds from first to last packet."""

    time: int
    source: tuple[str, int]
    target: tuple[str, int]
    up: int
    down: int
    duration: float
    proto: str = "tcp"


class Request(NamedTuple):
    """One HTTP request in a flow; ``sent`` and ``got`` are the mime types of its two bodies, "" where there is none.

    ``body`` is what was sent, where the sensor carves it: as many bytes as the flow says.
    """

    host: str
    uri: str
    agent: str
    method: str = "GET"
    sent: str = ""
    got: str = "text/html"
    filename: str = "-"
    body: bytes = b""


@dataclass
class Wire:
    """What the sensor at the network's edge writes; ``rng`` draws identifiers, ``dark`` are spans that it misses.

    ``rows`` are the lines of each log, not in order; as their times have equally many digits, they sort as text.
    ``carved`` are the bodies it kept, by file name. A certificate may come more than once a day.
    """

    rng: random.Random
    rows: dict[str, list[str]] = field(default_factory=lambda: {path: [] for path in LOGS})
    carved: dict[str, bytes] = field(default_factory=dict)
    dark: tuple[tuple[int, int], ...] = ()
    _seen: set[str] = field(default_factory=set)

    def begin(self, rng: random.Random, dark: tuple[tuple[int, int], ...] = ()) -> None:
        """Another host's day begins."""
        self.rng, self.dark = rng, dark
        self._seen.clear()

    def name(self, kind: str) -> str:
        """A new identifier: ``C`` for connections, ``F`` for files."""
        return f"{kind}{self.rng.getrandbits(68):017x}"

    def flow(self, flow: Flow, service: str, up: int = 0, down: int = 0) -> str:
        """conn, with ``up`` and ``down`` bytes of headers more than the flow's.

        Returns the identity (uid and both ends) that the other logs' rows share, "" where the sensor was not there.
        """
        time, source, target, sent, got, duration, proto = flow
        for since, until in self.dark:
            if since <= time < until:
                return ""
        sent, got = sent + up, got + down
        who = f"C{self.rng.getrandbits(68):017x}\t{source[0]}\t{source[1]}\t{target[0]}\t{target[1]}"
        inside = "T" if target[0].startswith("10.") else "F"
        if proto == "udp":  # 28 and 40 are the bytes of IP and UDP or TCP headers in a packet
            packets = f"Dd\t1\t{sent + 28}\t1\t{got + 28}"
        else:
            out, back = sent // 1_300 + 4, got // 1_300 + 4
            packets = f"ShADadFf\t{out}\t{sent + 40 * out}\t{back}\t{got + 40 * back}"
        self.rows["conn"].append(
            f"{time // 1_000_000}.{time % 1_000_000:06}\t{who}\t{proto}\t{service}\t{duration:.6f}\t{sent}\t{got}"
            f"\tSF\tT\t{inside}\t0\t{packets}\t-"
        )
        return who

    def probe(self, time: int, source: tuple[str, int], target: tuple[str, int], *, refused: bool) -> None:
        """conn of an attempt that found no service: refused, or not answered at all."""
        if any(since <= time < until for since, until in self.dark):
            return
        who = f"{self.name('C')}\t{source[0]}\t{source[1]}\t{target[0]}\t{target[1]}\ttcp\t-"
        end = "0.000400\t0\t0\tREJ\tT\tT\t0\tSr\t1\t52\t1\t40" if refused else "-\t-\t-\tS0\tT\tT\t0\tS\t1\t52\t0\t0"
        self.rows["conn"].append(f"{seconds(time)}\t{who}\t{end}\t-")

    def resolve(self, time: int, source: tuple[str, int], server: str, query: str, answer: str) -> None:
        """dns and its conn row: an A record that was found."""
        rtt = 0.0004 + 0.0396 * self.rng.random()
        long = len(query)
        if who := self.flow(Flow(time, source, (server, 53), long + 18, long + 34, rtt, "udp"), "dns"):
            self.rows["dns"].append(
                f"{time // 1_000_000}.{time % 1_000_000:06}\t{who}\tudp\t{self.rng.getrandbits(16)}\t{rtt:.6f}\t{query}"
                f"\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\t{answer}\t300.000000\tF"
            )

    def http(self, flow: Flow, request: Request) -> None:
        """conn, http, and a files row for each body; ``flow`` counts bodies, headers are added to the connection."""
        who = self.flow(flow, "http", 350, 280)
        if not who:
            return
        time = flow.time + 30_000
        up, down = (flow.up if request.sent else 0), (flow.down if request.got else 0)
        sent = self._file(time, who, request.sent, "-", size=up, body=request.body, out=True)
        got = self._file(time + 20_000, who, request.got, request.filename, size=down, body=b"", out=False)
        asked = f"1\t{request.method}\t{request.host}\t{request.uri}\t-\t1.1\t{request.agent}\t-"
        answered = f"{up}\t{down}\t200\tOK\t-\t-\t(empty)\t-\t-\t-"
        self.rows["http"].append(f"{seconds(time)}\t{who}\t{asked}\t{answered}\t{sent}\t{got}")

    def _file(self, time: int, who: str, mime: str, name: str, *, size: int, body: bytes, out: bool) -> str:
        """files (and pe, for a program); returns the three columns in which http refers to a body."""
        if not mime:
            return "-\t-\t-"
        fuid, program = self.name("F"), mime == "application/x-dosexec"
        kept = self._carve(time, fuid, body) if body else "-\t-\t-\t-\t-\t-"
        analyzers = "EXTRACT,MD5,SHA1" if body else "PE" if program else "(empty)"
        way = "T" if out else "F"
        self.rows["files"].append(
            f"{seconds(time)}\t{fuid}\t{who}\tHTTP\t0\t{analyzers}\t{mime}\t{name}\t{size / 2e6:.6f}\tT\t{way}"
            f"\t{size}\t{size}\t0\t0\tF\t-\t{kept}"
        )
        if program:
            kind = f"AMD64\t{seconds(time - 40 * _DAY)}\tWindows Vista or Windows Server 2008\tWINDOWS_GUI"
            flags = "T\tT\tT\tT\tF\tT\tT\tF\tT\tT"
            sections = ".text,.rdata,.data,.pdata,.rsrc,.reloc"
            self.rows["pe"].append(f"{seconds(time)}\t{fuid}\t{kind}\t{flags}\t{sections}")
        return f"{fuid}\t{name}\t{mime}"

    def _carve(self, time: int, fuid: str, body: bytes) -> str:
        """Keep a body as base/files/extract/main.zeek names it; returns the columns from md5 on."""
        name = f"extract-{seconds(time)}-HTTP-{fuid}"
        self.carved[name] = body
        md5 = hashlib.md5(body, usedforsecurity=False).hexdigest()
        sha1 = hashlib.sha1(body, usedforsecurity=False).hexdigest()
        return f"{md5}\t{sha1}\t-\t{name}\tF\t-"

    def tls(self, flow: Flow, server: str, *, modern: bool) -> None:
        """conn and ssl; before TLS 1.3 (RFC 8446, 4.4.2) the certificate is in the clear, so x509 too."""
        who = self.flow(flow, "ssl", 900, 4_200)
        if not who:
            return
        at = seconds(flow.time + 40_000)
        if modern:
            how = f"TLSv13\tTLS_AES_256_GCM_SHA384\tx25519\t{server}\tF\t-\th2\tT\tCsiI\t-\t-\t-"
            self.rows["ssl"].append(f"{at}\t{who}\t{how}")
            return
        mark, certificate = _certificate(server)
        old = f"TLSv12\tTLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384\tx25519\t{server}\tF\t-\thttp/1.1\tT"
        self.rows["ssl"].append(f"{at}\t{who}\t{old}\tCsxknGIti\t{mark}\t(empty)\tT")
        if server not in self._seen:
            self._seen.add(server)
            self.rows["x509"].append(f"{at}\t{certificate}")

    def lease(self, time: int, client: str, mac: str, name: str, *, new: bool) -> None:
        """dhcp: a host gets its address for eight days; ``new``: it had another or none."""
        if any(since <= time < until for since, until in self.dark):
            return
        before, said = ("-", "DISCOVER,OFFER,REQUEST,ACK") if new else (client, "REQUEST,ACK")
        who = f"{self.name('C')}\t{before}\t{DHCP_SERVER}\t{mac}\t{name}\t{name}.{DOMAIN}\t{DOMAIN}\t{client}\t{client}"
        self.rows["dhcp"].append(f"{seconds(time)}\t{who}\t691200.000000\t-\t-\t{said}\t0.004100")


@lru_cache(maxsize=16_384)
def _certificate(server: str) -> tuple[str, str]:
    """A server's certificate: its fingerprint, and the columns of x509 after the time."""
    shown = certificate(server)
    names = f"{shown.serial}\tCN={server}\t{shown.issuer}\t{shown.begun}.000000\t{shown.ends}.000000"
    key = "rsaEncryption\tsha256WithRSAEncryption\trsa\t2048\t65537\t-"
    return shown.mark, f"{shown.mark}\t3\t{names}\t{key}\t{server}\t-\t-\t-\tF\t-\tT\tF"


def header(path: str, day: str) -> str:
    """What stands above a log's rows, without a time of writing."""
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
