"""Ordinary software: what it is called, who signed it, how common it is, and whom it talks to in which rhythm.

Prevalence is heavy-tailed, because it is so in the field: most programs are seen on one machine, a few on all of them
(D. H. Chau and others, "Polonium: Tera-Scale Graph Mining and Inference for Malware Detection", SDM 2011, fig. 4).
Mass-market names are those of their makers; every other vendor and web site is made up and lies under ``.example``
(RFC 2606), with addresses reserved for documentation (RFC 5737), so that no record accuses a real party.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

HOUR: Final = 3600.0
PROGRAMS: Final = "C:\\Program Files\\"
PROGRAMS_86: Final = "C:\\Program Files (x86)\\"
SYSTEM32: Final = "C:\\Windows\\System32\\"
LOCAL: Final = "C:\\Users\\{user}\\AppData\\Local\\"

WINDOWS: Final = "Microsoft Windows"
MICROSOFT: Final = "Microsoft Corporation"


class Start(Enum):
    """How a program comes to run."""

    SERVICE = "at boot, by services.exe"
    LOGON = "at logon, from a Run key, by explorer.exe"
    PERSON = "when a person opens it"
    TASK = "now and then, by the task scheduler"


@dataclass(frozen=True)
class Contact:
    """Talk with servers. ``every`` is the mean number of seconds between contacts of a running program (0: as people click),
    ``jitter`` the share of it by which the gap varies, ``up`` and ``down`` median bytes, ``http`` plain HTTP instead of TLS.
    """

    names: tuple[str, ...]
    every: float = 0.0
    jitter: float = 0.1
    up: int = 2_000
    down: int = 8_000
    http: bool = False
    agent: str = "-"
    uri: str = "/"
    mime: str = "text/html"


@dataclass(frozen=True)
class Program:
    """One program. ``share`` is the share of hosts that have it (0: exactly one host), ``signer`` None means unsigned."""

    path: str
    company: str
    product: str
    version: str
    signer: str | None
    start: Start
    share: float = 1.0
    contacts: tuple[Contact, ...] = ()
    arguments: str = ""
    modules: tuple[str, ...] = ()
    per_day: float = 1.0  # how often a person or the scheduler starts it on a working day
    user: str = "SYSTEM"
    updated_every: int = 0  # days between new versions; 0: none within a lab's time

    @property
    def file(self) -> str:
        """The name of the executable."""
        return self.path.rpartition("\\")[2]


CHROME_AGENT: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36"
)
EDGE_AGENT: Final = CHROME_AGENT + " Edg/124.0.0.0"


def _windows(file: str, start: Start, **facts: object) -> Program:
    base = Program(SYSTEM32 + file, MICROSOFT, "Microsoft® Windows® Operating System", "10.0.19041.4291", WINDOWS, start)
    return replace(base, **facts)  # type: ignore[arg-type]


def _svchost(group: str, service: str, user: str = "SYSTEM", *contacts: Contact) -> Program:
    arguments = f"-k {group} -p -s {service}"
    return _windows("svchost.exe", Start.SERVICE, arguments=arguments, user=user, contacts=contacts)


#: Windows itself. Periods: Windows Update scans about every 22 h but its service polls hourly; NCSI probes on change; the
#: telemetry pipeline uploads every 15 to 60 min (Microsoft, "Manage connection endpoints for Windows 10 Enterprise").
_WINDOWS: Final = (
    _svchost("DcomLaunch", "PlugPlay"),
    _svchost("RPCSS", "RpcSs", "NETWORK SERVICE"),
    _svchost("netsvcs", "Schedule"),
    _svchost("netsvcs", "Winmgmt"),
    _svchost(
        "netsvcs", "wuauserv", "SYSTEM",
        Contact(("slscr.update.microsoft.com", "fe3cr.delivery.mp.microsoft.com"), 5 * HOUR, 0.3, 9_000, 22_000),
        Contact(
            ("ctldl.windowsupdate.com",), 9 * HOUR, 0.4, 400, 5_500, http=True, agent="Microsoft-CryptoAPI/10.0",
            uri="/msdownload/update/v3/static/trustedr/en/disallowedcertstl.cab", mime="application/vnd.ms-cab-compressed",
        ),
    ),
    _svchost("utcsvc", "DiagTrack", "SYSTEM", Contact(("v10.events.data.microsoft.com",), 0.75 * HOUR, 0.5, 18_000, 6_000)),
    _svchost("NetworkService", "Dnscache", "NETWORK SERVICE"),
    _svchost("LocalService", "EventLog", "LOCAL SERVICE"),
    _svchost(
        "NetworkService", "NlaSvc", "NETWORK SERVICE",
        Contact(
            ("www.msftconnecttest.com",), 6 * HOUR, 0.8, 120, 300, http=True, agent="Microsoft NCSI",
            uri="/connecttest.txt", mime="text/plain",
        ),
    ),
    _windows("SearchIndexer.exe", Start.SERVICE, arguments="/Embedding"),
    _windows("spoolsv.exe", Start.SERVICE),
    _windows("SecurityHealthSystray.exe", Start.LOGON),
    _windows("ctfmon.exe", Start.LOGON),
    _windows("taskhostw.exe", Start.TASK, per_day=4),
    _windows("backgroundTaskHost.exe", Start.TASK, per_day=6),
    _windows("CompatTelRunner.exe", Start.TASK, per_day=0.4, contacts=(
        Contact(("settings-win.data.microsoft.com",), 600, 0.2, 3_000, 9_000),
    )),
    _windows("notepad.exe", Start.PERSON, per_day=0.8),
    _windows("SnippingTool.exe", Start.PERSON, per_day=0.4, share=0.8),
    _windows("Taskmgr.exe", Start.PERSON, per_day=0.1),
    _windows("mstsc.exe", Start.PERSON, per_day=0.7, share=0.2),
    Program(
        "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24040.4-0\\MsMpEng.exe", MICROSOFT,
        "Microsoft® Windows® Operating System", "4.18.24040.4", "Microsoft Windows Publisher", Start.SERVICE,
        contacts=(Contact(("wdcp.microsoft.com", "wdcpalt.microsoft.com"), 2 * HOUR, 0.6, 4_000, 5_000),),
        modules=("mpsvc.dll", "mpclient.dll"), updated_every=30,
    ),
    Program(
        "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.24040.4-0\\MpCmdRun.exe", MICROSOFT,
        "Microsoft® Windows® Operating System", "4.18.24040.4", "Microsoft Windows Publisher", Start.TASK,
        arguments="SignatureUpdate -ScheduleJob -UnmanagedUpdate", per_day=2, updated_every=30,
        contacts=(Contact(("definitionupdates.microsoft.com",), 300, 0.5, 2_000, 900_000),),
    ),
)

#: Browsers, Office and what mass-market vendors leave running. Chrome's updater asks every 5 h (Chromium, docs/updater),
#: OneDrive and Teams keep talking all day, Adobe's once a day; new browser versions come every four weeks.
_MASS: Final = (
    Program(
        PROGRAMS + "Google\\Chrome\\Application\\chrome.exe", "Google LLC", "Google Chrome", "124.0.6367.91", "Google LLC",
        Start.PERSON, 0.75, per_day=2, updated_every=28, modules=("chrome.dll", "chrome_elf.dll"),
    ),
    Program(
        PROGRAMS_86 + "Microsoft\\Edge\\Application\\msedge.exe", MICROSOFT, "Microsoft Edge", "124.0.2478.67", MICROSOFT,
        Start.PERSON, arguments="--profile-directory=Default", per_day=2, updated_every=28, modules=("msedge.dll",),
    ),
    Program(
        PROGRAMS_86 + "Google\\Update\\GoogleUpdate.exe", "Google LLC", "Google Update", "1.3.36.372", "Google LLC",
        Start.SERVICE, 0.75, (Contact(("update.googleapis.com",), 5 * HOUR, 0.15, 3_500, 7_000),), "/svc",
    ),
    Program(
        PROGRAMS_86 + "Microsoft\\EdgeUpdate\\MicrosoftEdgeUpdate.exe", MICROSOFT, "Microsoft Edge Update", "1.3.185.29",
        MICROSOFT, Start.SERVICE, 1.0, (Contact(("msedge.api.cdp.microsoft.com",), 4 * HOUR, 0.2, 4_000, 6_000),), "/svc",
    ),
    Program(
        PROGRAMS + "Microsoft Office\\root\\Office16\\OUTLOOK.EXE", MICROSOFT, "Microsoft Outlook", "16.0.17425.20176",
        MICROSOFT, Start.PERSON, 0.95, (Contact(("outlook.office365.com",), 240, 0.6, 9_000, 30_000),), per_day=1.1,
        modules=("OLMAPI32.DLL",), updated_every=30,
    ),
    Program(
        PROGRAMS + "Microsoft Office\\root\\Office16\\WINWORD.EXE", MICROSOFT, "Microsoft Office", "16.0.17425.20176",
        MICROSOFT, Start.PERSON, 0.95, (Contact(("officeclient.microsoft.com", "nexusrules.officeapps.live.com"),
        0.7 * HOUR, 0.6, 5_000, 12_000),), per_day=2, modules=("WWLIB.DLL",), updated_every=30,
    ),
    Program(
        PROGRAMS + "Microsoft Office\\root\\Office16\\EXCEL.EXE", MICROSOFT, "Microsoft Office", "16.0.17425.20176",
        MICROSOFT, Start.PERSON, 0.95, (Contact(("officeclient.microsoft.com",), HOUR, 0.6, 5_000, 12_000),), per_day=1.5,
        updated_every=30,
    ),
    Program(
        PROGRAMS + "Common Files\\Microsoft Shared\\ClickToRun\\OfficeClickToRun.exe", MICROSOFT, "Microsoft Office",
        "16.0.17425.20176", MICROSOFT, Start.SERVICE, 0.95,
        (Contact(("mrodevicemgr.officeapps.live.com",), 4 * HOUR, 0.3, 6_000, 9_000),), "/service", updated_every=30,
    ),
    Program(
        LOCAL + "Microsoft\\Teams\\current\\Teams.exe", MICROSOFT, "Microsoft Teams", "1.7.00.10751", MICROSOFT, Start.LOGON,
        0.9, (Contact(("teams.microsoft.com", "presence.teams.microsoft.com"), 300, 0.5, 6_000, 9_000),),
        "--process-start-args --system-initiated", updated_every=14, user="person",
    ),
    Program(
        LOCAL + "Microsoft\\OneDrive\\OneDrive.exe", MICROSOFT, "Microsoft OneDrive", "24.070.0407.0003", MICROSOFT,
        Start.LOGON, 0.9, (
            Contact(("skydrive.wns.windows.com", "api.onedrive.com"), 900, 0.08, 3_000, 4_000),
            Contact(("my.microsoftpersonalcontent.com",), 2 * HOUR, 0.9, 400_000, 30_000),
        ), "/background", updated_every=21, user="person",
    ),
    Program(
        PROGRAMS_86 + "Common Files\\Adobe\\ARM\\1.0\\armsvc.exe", "Adobe Inc.", "Adobe Acrobat Update Service", "1.824.460",
        "Adobe Inc.", Start.SERVICE, 0.7, (Contact(("armmf.adobe.com",), 24 * HOUR, 0.05, 1_500, 9_000),),
    ),
    Program(
        PROGRAMS + "Adobe\\Acrobat DC\\Acrobat\\Acrobat.exe", "Adobe Inc.", "Adobe Acrobat", "24.2.20687.0", "Adobe Inc.",
        Start.PERSON, 0.7, (Contact(("acroipm2.adobe.com",), 2 * HOUR, 0.5, 2_500, 9_000),), per_day=1.2,
    ),
    Program(
        PROGRAMS + "Zoom\\bin\\Zoom.exe", "Zoom Video Communications, Inc.", "Zoom Meetings", "6.0.2.36403",
        "Zoom Video Communications, Inc.", Start.PERSON, 0.5, (Contact(("us04web.zoom.us",), 600, 0.7, 300_000, 900_000),),
        per_day=0.6,
    ),
    Program(PROGRAMS + "7-Zip\\7zFM.exe", "Igor Pavlov", "7-Zip", "23.01", None, Start.PERSON, 0.6, per_day=0.3),
    Program(
        PROGRAMS + "Notepad++\\notepad++.exe", "Don HO don.h@free.fr", "Notepad++", "8.6.5", "Notepad++", Start.PERSON, 0.35,
        (Contact(("notepad-plus-plus.org",), 5 * HOUR, 0.5, 900, 2_000),), per_day=0.7,
    ),
    Program(
        PROGRAMS_86 + "TeamViewer\\TeamViewer_Service.exe", "TeamViewer Germany GmbH", "TeamViewer", "15.53.6.0",
        "TeamViewer Germany GmbH", Start.SERVICE, 0.25, (Contact(("router9.teamviewer.com",), 1_800, 0.05, 900, 700),),
    ),
)

#: What the company's own administrators put on all or many hosts; made-up vendors.
_MANAGED: Final = (
    Program(
        PROGRAMS + "Harborline\\Backup Client\\hlbackup.exe", "Harborline Data Ltd", "Harborline Backup", "7.4.1",
        "Harborline Data Ltd", Start.SERVICE, 0.6,
        (Contact(("ingest.harborline.example",), 4 * HOUR, 0.15, 30_000_000, 60_000),), "--service",
    ),
    Program(
        PROGRAMS + "Corvid Remote\\crvagent.exe", "Corvid Software AB", "Corvid Remote Support", "11.2.0",
        "Corvid Software AB", Start.SERVICE, 0.35, (Contact(("relay.corvid.example",), 60 * 12.0, 0.05, 1_200, 900),),
    ),
    Program(
        PROGRAMS + "Tessel VPN\\tesselvpn.exe", "Tessel Networks Inc.", "Tessel VPN", "4.10.3", "Tessel Networks Inc.",
        Start.LOGON, 0.3, (Contact(("gate.tessel.example",), 0.5 * HOUR, 0.3, 900_000, 4_000_000),), "--tray", user="person",
    ),
    Program(
        PROGRAMS + "Stocktake\\Inventory\\stkscan.exe", "Stocktake GmbH", "Stocktake Inventory", "3.9.14", "Stocktake GmbH",
        Start.TASK, 1.0, (Contact(("collect.stocktake.example",), 120, 0.2, 60_000, 2_000),), "--full --quiet", per_day=0.2,
    ),
)

CATALOGUE: Final = _WINDOWS + _MASS + _MANAGED

#: Parts of names that nobody owns. Ordinary small vendors and the intruder's signer are drawn from the same heap.
_FIRST: Final = "Al Bor Cal Dor El Fen Gar Hel Ist Jor Kel Lum Mar Nor Or Pel Quin Ros Sil Tal Ul Ver Wes Yar Zan".split()
_LAST: Final = "vik dane mont tec lor bridge wick ston mere nex dyn tor field rion gate lux berg via cor sen".split()
_KIND: Final = "Software|Systems|Instruments|Technologies|Electronics|Data|Solutions|Micro|Devices|Labs".split("|")
_FORM: Final = "GmbH|Ltd|Inc.|AB|Co., Ltd.|S.r.l.|B.V.|LLC".split("|")
_TOOL: Final = "Label Designer|Time Sheet|Colour Picker|PDF Join|Panel Tool|Scan Assist|Note Board|Font Viewer|Mind Map|Plotter".split("|")


def vendor(rng: random.Random) -> tuple[str, str]:
    """A vendor's name as it signs, and its domain."""
    short = rng.choice(_FIRST) + rng.choice(_LAST)
    kind = rng.choice(_KIND)
    return f"{short} {kind} {rng.choice(_FORM)}", f"{short.lower()}{kind.lower()[:4]}.example"


def tail(rng: random.Random, hosts: int) -> list[tuple[Program, int]]:
    """Programs of small vendors with the number of hosts that have each: Zipf, so that most are on one host."""
    out: list[tuple[Program, int]] = []
    for _ in range(4 + 2 * hosts):
        many = min(hosts, int(rng.paretovariate(1.1)))  # exponent near 1: Polonium's power law
        out.append((_small_program(rng), many))
    return out


def _small_program(rng: random.Random) -> Program:
    company, domain = vendor(rng)
    tool = rng.choice(_TOOL)
    file = tool.replace(" ", "") + ".exe"
    signed = rng.random() < 0.6  # a good part of small vendors' software is still unsigned
    start = rng.choices((Start.PERSON, Start.LOGON, Start.SERVICE), (6, 2, 2))[0]
    contacts: tuple[Contact, ...] = ()
    if rng.random() < 0.7:
        every = rng.choice((1, 4, 8, 24)) * HOUR
        http = rng.random() < 0.35
        contacts = (
            Contact((f"update.{domain}",), every, rng.choice((0.02, 0.1, 0.4)), 600, rng.randrange(800, 20_000), http=http,
                    agent=f"{tool.replace(' ', '')}/1.0" if http else "-", uri="/check?v=1", mime="application/xml"),
        )
    version = f"{rng.randrange(1, 9)}.{rng.randrange(12)}.{rng.randrange(40)}"
    user = "SYSTEM" if start is Start.SERVICE else "person"
    path = f"{PROGRAMS}{company.split()[0]}\\{tool}\\{file}"
    return Program(path, company, tool, version, company if signed else None, start, 0.0, contacts, per_day=0.3, user=user)


def sites(rng: random.Random) -> tuple[str, ...]:
    """Web sites that people visit, most visited first: known ones, then made-up ones."""
    known = (
        "www.google.com www.bing.com www.msn.com www.youtube.com login.microsoftonline.com www.linkedin.com github.com "
        "en.wikipedia.org www.office.com www.bbc.co.uk stackoverflow.com www.reddit.com fonts.gstatic.com cdn.jsdelivr.net "
        "www.googletagmanager.com edge.microsoft.com"
    ).split()
    made_up = {f"www.{rng.choice(_FIRST)}{rng.choice(_LAST)}{rng.choice(_LAST)}.example".lower() for _ in range(500)}
    return (*known, *sorted(made_up, key=lambda name: hashlib.md5(name.encode(), usedforsecurity=False).digest()))


def address(name: str, turn: int = 0) -> str:
    """The address that a name resolves to; ``turn`` walks through the several addresses of a large service."""
    if name.endswith(".example"):
        digest = hashlib.sha256(name.encode()).digest()
        if not name.startswith("www."):
            return f"192.0.2.{1 + digest[0] % 199}"  # 192.0.2.200 and above: the intruder's
        return f"{('198.51.100', '203.0.113')[digest[1] % 2]}.{1 + digest[0] % 250}"
    digest = hashlib.sha256(f"{name}/{turn % 3}".encode()).digest()
    prefix = ("13.107", "20.190", "104.18", "142.250")[hashlib.sha256(name.encode()).digest()[0] % 4]
    return f"{prefix}.{digest[1]}.{1 + digest[2] % 250}"
