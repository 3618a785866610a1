"""A machine that runs: processes start, talk and end, and each act is told by the host's log and by the wire."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import exp, log
from typing import Final, NamedTuple
from zlib import crc32

from lodger.lab import audit
from lodger.lab.catalogue import MICROSOFT, SYSTEM32, WINDOWS, Contact, Program, Start, address
from lodger.lab.people import MINUTE, NETBIOS, Host, Plan
from lodger.lab.photos import motion_photo
from lodger.lab.shares import Call, Share, asked, mapped
from lodger.lab.sysmon import SECOND, Account, End, Image, Process, WindowsLog, hashes
from lodger.lab.zeek import Flow, Request, Wire

CONTROLLER: Final = "10.20.255.10"  # domain controller, name server, DHCP
FILE_SERVER: Final = "10.20.255.11"
NAME_KEPT: Final = 30 * 60 * SECOND  # how long a resolver's answer is used before the name is asked for again


class Inner(NamedTuple):
    """A connection to one of the company's own servers: where, what Zeek calls it, median bytes each way, and what is
    opened over SMB or asked of Kerberos.
    """

    server: str
    port: int
    service: str
    up: int
    down: int
    name: str = ""
    opens: tuple[Share, ...] = ()


KERBEROS: Final = Inner(CONTROLLER, 88, "krb_tcp", 1_500, 1_700, "krbtgt/FAIRHOLT.EXAMPLE")
#: Policies as clients read them (MS-GPOL: `gpt.ini` of each policy's folder in SYSVOL).
_GPT: Final = "fairholt.example\\Policies\\{31B2F340-016D-11D2-945F-00C04FB984F9}\\gpt.ini"
POLICY: Final = Inner(
    CONTROLLER, 445, "gssapi,smb,krb", 4_000, 6_000, "dc01", (Share("IPC$", ("lsarpc",)), Share("SYSVOL", (_GPT,)))
)
HOME_FOLDER: Final = Inner(
    FILE_SERVER,
    445,
    "gssapi,smb,krb",
    9_000,
    60_000,
    "fs01",
    (Share("IPC$", ("srvsvc",)), Share("home$", ("desktop.ini",))),
)
SAVE: Final = Inner(FILE_SERVER, 445, "gssapi,smb", 90_000, 5_000, "fs01", (Share("home$", ("Documents",)),))

_Maker = tuple[str, str, str | None]  # company, product, signer
_WINDOWS: Final[_Maker] = ("Microsoft Corporation", "Microsoft® Windows® Operating System", WINDOWS)


@lru_cache(maxsize=65_536)
def _image(seed: int, path: str, version: str, maker: _Maker) -> Image:
    company, product, signer = maker
    file = path.rpartition("\\")[2]
    return Image(path, version, product, product, company, signer, hashes(f"{seed}/{file}/{company}/{version}"))


@dataclass
class Machine:
    """One host with what runs on it now. ``seed`` decides hashes, ``rng`` all that happens."""

    seed: int
    host: Host
    wire: Wire
    rng: random.Random
    log: WindowsLog = field(init=False)
    running: dict[str, Process] = field(default_factory=dict)  # by program path, for programs that stay
    due: dict[tuple[str, int], int] = field(default_factory=dict)  # next time of a periodic contact
    loaded: set[str] = field(default_factory=set)  # programs' drivers, since the last boot
    releases: dict[str, int] = field(default_factory=dict)  # which version of it is there, by program key
    patches: int = 0  # patch nights since January 2024 that the system has seen
    days: int = 0  # since the fleet's first day
    awake: int = 0  # when today's power began
    up: bool = False  # whether it was left on, or asleep, when it was last told of
    tunnel: int = 0  # until then it is elsewhere today, and its VPN is not up; 0: it is in the house
    leased: str = ""  # the address of its last lease
    today: Plan | None = None  # None: it is off all day
    inbox: list[Call] = field(default_factory=list)  # today's calls of intruders on other hosts
    _resolved: dict[tuple[str, str], int] = field(default_factory=dict)
    _serial: int = 0
    _port: int = 49_700

    def __post_init__(self) -> None:
        self.log = WindowsLog(self.host.fqdn)
        digest = hashlib.sha256(f"{self.seed}/{self.host.name}".encode()).hexdigest()
        self._mark = digest[:8]
        logon = f"{{{self._mark}-0000-0000-e703-000000000000}}"
        self.system = Account("NT AUTHORITY\\SYSTEM", "S-1-5-18", "0x3e7", logon, "0", "System")
        identity = f"{{{self._mark}-0000-0000-eb03-000000000000}}"
        self.kernel = Process(identity, 4, self.windows("System", ""), "-", self.system, None, 0)
        self.person = self.system
        # routers for homes give out one of a few nets
        nature = self.host.nature
        self.elsewhere = f"192.168.{(0, 1, 2, 178)[nature % 4]}.{20 + nature // 4 % 200}"

    # -- what runs --------------------------------------------------------------------------------------------------

    def windows(self, file: str, folder: str = SYSTEM32) -> Image:
        """A file of Windows itself, as of the last patch night before the last boot."""
        return _image(
            self.seed, folder + file, f"10.0.19041.{4291 + 23 * self.patches} (WinBuild.160101.0800)", _WINDOWS
        )

    def image(self, program: Program) -> Image:
        """The program's executable in the version that the host has."""
        if program.signer == WINDOWS and program.path.startswith(SYSTEM32):
            return self.windows(program.file)
        path = program.path.replace("{user}", self.host.user)
        return _image(self.seed, path, self.version(program), _maker(program))

    def version(self, program: Program) -> str:
        """The version that the host has; the first that is asked for is today's."""
        if not program.updated_every:
            return program.version
        return f"{program.version}.{self.releases.setdefault(program.key, self.release(program))}"

    def release(self, program: Program) -> int:
        """The number of the version that this host ought to have today: new ones reach it some days after they come."""
        since = self.days + crc32(program.path.encode()) % program.updated_every
        number, age = divmod(since, program.updated_every)
        late = crc32(f"{program.path} {number} {self.host.name}".encode()) % min(6, program.updated_every)
        return number if age >= late else number - 1

    def is_current(self, program: Program) -> bool:
        """Whether the host has the version that it ought to have; what it has when first asked is taken as such."""
        ought = self.release(program)
        return self.releases.setdefault(program.key, ought) >= ought

    def driver(self, program: Program, file: str) -> Image:
        """A driver that belongs to a program."""
        return _image(self.seed, f"{SYSTEM32}drivers\\{file}", self.version(program), _maker(program))

    def account(self, name: str) -> Account:
        """The account that a catalogue entry names."""
        if name == "person":
            return self.person
        if name == "SYSTEM":
            return self.system
        sid, number = {"NETWORK SERVICE": ("S-1-5-20", "0x3e4"), "LOCAL SERVICE": ("S-1-5-19", "0x3e5")}[name]
        return replace(self.system, user=f"NT AUTHORITY\\{name}", sid=sid, logon_id=number)

    def log_on(self, time: int) -> None:
        """A new session of the host's person."""
        number = self.rng.randrange(0x20000, 0xFFFFFF)
        user = f"{NETBIOS}\\{self.host.user}"
        self.person = Account(user, self.host.sid, hex(number), self.guid(time, number), "1", "Medium")

    def guid(self, time: int, number: int) -> str:
        """An identity as Sysmon makes it: machine, second of the start, and a running number."""
        low, high = time // SECOND & 0xFFFF, time // SECOND >> 16
        return f"{{{self._mark}-{low:04x}-{high:04x}-{number & 0xFFFF:04x}-{number >> 16:04x}00000400}}"

    def start(
        self,
        time: int,
        image: Image,
        command: str,
        parent: Process,
        *,
        account: Account | None = None,
        modules: tuple[Image, ...] = (),
    ) -> Process:
        """A process starts, as its parent's account unless told: Sysmon 1, Security 4688, and what it loads."""
        self._serial += 1
        pid = 4 * self.rng.randrange(150, 4_000)
        process = Process(self.guid(time, self._serial), pid, image, command, account or parent.account, parent, time)
        self.log.process_created(time, process)
        self.log.process_audited(time + 300, process)
        for number, module in enumerate((image, self.windows("ntdll.dll"), *modules)):
            self.log.module_loaded(time + 2_000 + 1_500 * number, process, module)
        return process

    def run(self, time: int, file: str, command: str, parent: Process, seconds: float) -> Process:
        """A program of Windows that starts and is done after ``seconds``."""
        process = self.start(time, self.windows(file), command, parent)
        self.log.process_ended(time + int(seconds * SECOND), process)
        return process

    def launch(
        self, time: int, program: Program, parent: Process | None = None, arguments: str | None = None
    ) -> Process:
        """Start a catalogue program the way it starts, by ``parent`` or its usual one; it stays in ``running``."""
        image = self.image(program)
        arguments = program.arguments if arguments is None else arguments
        command = f'"{image.path}" {arguments}'.rstrip() if " " in image.path else f"{image.path} {arguments}".rstrip()
        account = self.account(program.user if program.start in (Start.SERVICE, Start.TASK) else "person")
        folder = image.path.rpartition("\\")[0] + "\\"
        modules = tuple(_image(self.seed, folder + name, image.version, _maker(program)) for name in program.modules)
        parent = parent or self.usual_parent(program)
        if program.start is Start.PERSON:
            self.load_drivers(time - 20_000, program)
        process = self.start(time, image, command, parent, account=account, modules=modules)
        self.running[program.key] = process
        if pipe := program.pipe or _own_pipe(program):
            self.log.pipe_created(time + SECOND, process, f"\\{pipe}")
            if not program.pipe:  # else it is for other hosts
                self.log.pipe_connected(time + 3 * SECOND, process, f"\\{pipe}")
        for number in range(len(program.contacts)):
            key = (program.key, number)
            self.due[key] = max(time + int(self.rng.uniform(3, 60) * SECOND), self.due.get(key, 0))
        return process

    def load_drivers(self, time: int, program: Program) -> None:
        """What a program brings into the kernel is loaded, where it is not yet."""
        for number, file in enumerate(file for file in program.drivers if file not in self.loaded):
            self.loaded.add(file)
            self.log.driver_loaded(time + number * 4_000, self.driver(program, file))

    def usual_parent(self, program: Program) -> Process:
        """Who starts a program of this kind."""
        if program.start is Start.SERVICE:
            return self.running["services"]
        if program.start is Start.TASK:
            return self.running[SYSTEM32 + "svchost.exe-k netsvcs -p -s Schedule"]
        return self.running["explorer"]

    # -- what talks -------------------------------------------------------------------------------------------------

    def port(self) -> int:
        """The next ephemeral port (Windows counts through 49152 to 65535)."""
        self._port = 49_152 + (self._port - 49_151 + int(self.rng.random() * 3)) % 16_384
        return self._port

    def resolve(self, time: int, process: Process, name: str) -> str:
        """The address of ``name``, asked of the name server unless the answer is fresh: Sysmon 22 and Zeek dns."""
        found = address(name, int(self.rng.random() * 3))
        if time >= self._resolved.get((process.guid, name), 0):
            self._resolved[process.guid, name] = time + NAME_KEPT
            self.wire.resolve(time - 60_000, (self.host.ip, self.port()), CONTROLLER, name, found)
            self.log.dns_query(time - 10_000, process, name, found)
        return found

    def connect(self, time: int, process: Process, target: End, up: int, down: int, *, port: int = 0) -> Flow:
        """The host's side of a connection: Sysmon 3 and, where audited, Security 5156; the wire's is the caller's."""
        here = self.host.ip if time >= self.tunnel else self.elsewhere
        source, draw = (here, port or self.port()), self.rng.random
        late = int(min(1.5, -0.25 * log(1.0 - draw())) * SECOND) + 5_000
        self.log.connection(time + late, process, "tcp", source, target)
        if self.host.audited:
            self.log.connection_permitted(time + 1_000, process, "tcp", source, target)
        rate = 2e5 + 4.8e6 * draw()
        return Flow(time, source, target, up, down, 0.08 - log(1.0 - draw()) / 3 + (up + down) / rate)

    def size(self, median: int, spread: float = 0.45) -> int:
        """Bytes around a median: log-normal, as transfer sizes are (Downey, "Lognormal and Pareto distributions in the
        Internet", Computer Communications 28, 2005).
        """
        return max(40, int(median * exp(self.rng.gauss(0.0, spread)))) if spread else median

    def talk(self, time: int, process: Process, contact: Contact) -> None:
        """One contact of a catalogue program."""
        name = self.rng.choice(contact.names)
        found = self.resolve(time, process, name)
        if contact.photos:
            body = motion_photo(self.rng)
            flow = self.connect(time, process, (found, 80), len(body), 2)
            request = Request(name, contact.uri, contact.agent, "POST", "image/jpeg", "application/json", body=body)
            self.wire.http(flow, request)
            return
        up, down = self.size(contact.up), self.size(contact.down, _spread(name) if contact.http else 0.45)
        flow = self.connect(time, process, (found, 80 if contact.http else 443), up, down)
        if contact.http:
            self.wire.http(flow, Request(name, contact.uri, contact.agent, got=contact.mime))
        else:
            self.wire.tls(flow, name, modern=not name.endswith(".example"))

    def talk_until(self, process: Process, program: Program, until: int) -> None:
        """All periodic contacts of a running program that fall due before ``until``."""
        for number, contact in enumerate(program.contacts):
            if contact.every <= 0:
                continue
            key = (program.key, number)
            time = max(self.due.get(key, 0), process.started + SECOND, self.awake + MINUTE)
            while time < until:
                self.talk(time, process, contact)
                time += int(contact.every * (1.0 + contact.jitter * self.rng.uniform(-1.0, 1.0)) * SECOND)
            self.due[key] = time

    def in_reach(self, time: int) -> bool:
        """Whether it is on, and in the house or its VPN up."""
        plan = self.today
        return plan is not None and max(plan.on, plan.tunnel) + MINUTE < time < plan.off

    def inside(self, time: int, process: Process, inner: Inner) -> None:
        """A connection to one of the company's own servers, if they are in reach."""
        if time < self.tunnel:
            return
        flow = self.connect(time, process, (inner.server, inner.port), self.size(inner.up), self.size(inner.down))
        who = self.wire.flow(flow, inner.service)
        if inner.opens:
            mapped(self.wire, flow, who, inner.name, inner.opens)
        elif inner.name:
            asked(self.wire, flow, who, self.host.user, inner.name)

    def service_installed(
        self, time: int, name: str, path: str, *, driver: bool = False, by: Account | None = None
    ) -> None:
        """System 7045 and, where audited, Security 4697."""
        self.log.service_installed(time, name, path, driver=driver)
        if self.host.audited:
            audit.service_installed(self.log, time + 900, by or self.system, name, path, driver=driver)


@lru_cache(maxsize=16_384)
def _spread(name: str) -> float:
    """How much a server's answers differ, in log-normal's sigma: of the (host, path) pairs with 20 answers and more in
    a day of a laboratory's network (activecm/rita's 24 h http.log), half always got equally many bytes, a
    quarter had a sigma of up to 0.27, and a tenth of 1.2 and more.
    """
    quantile = crc32(name.encode()) % 1_000
    return 0.0 if quantile < 500 else 0.02 if quantile < 650 else 0.2 if quantile < 800 else 1.0


@lru_cache(maxsize=4_096)
def _own_pipe(program: Program) -> str:
    """The pipe over which a third of the small vendors' services and what shows them to people talk (estimated; in the
    OTRF Security-Datasets, VirtualBox's do).
    """
    lasting = program.start in (Start.SERVICE, Start.LOGON) and program.company not in (MICROSOFT, "-")
    return f"{program.file.removesuffix('.exe')}.ipc" if lasting and crc32(program.path.encode()) % 3 == 0 else ""


def _maker(program: Program) -> _Maker:
    return program.company, program.product, program.signer
