"""An ordinary day of a host: it boots, its person logs on, works and leaves, and everything hums in the background."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final
from zlib import crc32

from lodger.lab import addins, pipes
from lodger.lab.addresses import LEASE_DAYS
from lodger.lab.catalogue import CHROME_AGENT, EDGE_AGENT, PROGRAMS, PROGRAMS_86, SYSTEM32, Program, Start
from lodger.lab.machine import HOME_FOLDER, KERBEROS, POLICY, SAVE, Machine
from lodger.lab.people import HOUR, MINUTE, Plan, Work, patch_nights
from lodger.lab.sysmon import SECOND, Process, hashes
from lodger.lab.zeek import Request

SERVICES_KEY: Final = "HKLM\\System\\CurrentControlSet\\Services\\"
DOCUMENTS: Final = ("Report", "Minutes", "Budget", "Offer", "Plan", "Invoice", "Notes", "Overview", "Contract", "Draft")
EDGE: Final = PROGRAMS_86 + "Microsoft\\Edge\\Application\\msedge.exe"
_CHROME: Final = PROGRAMS + "Google\\Chrome\\Application\\chrome.exe"
_DRIVERS: Final = ("condrv.sys", "srvnet.sys", "bowser.sys", "mrxsmb20.sys", "wcifs.sys", "storqosflt.sys")
_ASKED_BY_ADMIN: Final = ("whoami", "ipconfig /all", "nslookup dc01", "net view", "tasklist /v", "systeminfo")
_ASKED_BY_SCANNER: Final = ("systeminfo", "ipconfig /all", "tasklist /svc", "net localgroup administrators")


@dataclass
class Resident:
    """A program on a host: there from day ``since`` (below 0: before the records) until ``until`` (None: stays)."""

    program: Program
    since: int = -1
    until: int | None = None
    built_here: bool = False  # comes from the host's own linker instead of a download
    by_shell: bool = False  # comes from a share, set up in an administrator's shell
    by_person: bool = False  # leaves by a person's hand instead of its own
    by_hand: int = -1  # on this day, a new version is downloaded and set up by the person; below 0: never
    come: bool = False  # its arrival has been told, or needs no telling

    def __post_init__(self) -> None:
        self.come = self.since < 0


@dataclass
class Home:
    """A machine with the programs that live on it and the sites its person visits, most visited first."""

    machine: Machine
    residents: list[Resident]
    sites: tuple[str, ...]

    @property
    def weights(self) -> tuple[float, ...]:
        """How often each site is visited, summed up: Zipf-like (Breslau and others, INFOCOM 1999)."""
        return _weights(len(self.sites))

    def present(self, *starts: Start) -> list[Program]:
        """The programs installed before today that start in one of these ways."""
        return [r.program for r in self.residents if r.come and r.program.start in starts]

    def with_drivers(self) -> list[Program]:
        """The installed programs whose drivers the system loads when it starts."""
        return [p for p in self.present(Start.SERVICE, Start.LOGON) if p.drivers]

    def find(self, file: str) -> Program | None:
        """The installed program with this file name."""
        return next((r.program for r in self.residents if r.come and r.program.file == file), None)


@lru_cache(maxsize=16)
def _weights(many: int) -> tuple[float, ...]:
    return tuple(accumulate(1.0 / rank for rank in range(1, many + 1)))


def morning(home: Home, plan: Plan) -> None:
    """The host comes up or wakes and its person logs on or unlocks it, where the plan says so."""
    m = home.machine
    m.awake, m.tunnel = plan.on, plan.tunnel
    _get_address(m, plan)
    if plan.boots:
        _boot(home, plan.on)
    if plan.work and "explorer" in m.running:
        m.log.logon(plan.work[0], m.host.name, m.person, 7, m.running["winlogon"])  # 7: unlocked
    elif plan.work:
        _log_on(home, plan.work[0])


def _get_address(m: Machine, plan: Plan) -> None:
    """A lease: asked for in the morning or at the tunnel's other end, and renewed at half its time."""
    up = not m.host.always_on or plan.boots
    if up or (m.days + m.host.nature) % (LEASE_DAYS // 2) == 0:
        time = plan.tunnel or plan.on + (-2 * SECOND if up else int(m.rng.uniform(0, 20) * HOUR))
        m.wire.lease(time, m.host.ip, m.host.mac, m.host.name, new=m.leased != m.host.ip)
        m.leased = m.host.ip


def day(home: Home, plan: Plan) -> None:
    """Work, scheduled tasks, and the periodic contacts of all that stays."""
    if plan.work:
        _work(home, plan.work)
    _tasks(home, plan)
    _support(home, plan)
    for program in home.present(Start.SERVICE, Start.LOGON):
        process = home.machine.running.get(program.key)
        if process is not None:
            until = plan.work[1] if plan.work and program.start is Start.LOGON else plan.off
            home.machine.talk_until(process, program, until - MINUTE)


def evening(home: Home, plan: Plan) -> None:
    """The day's hum; then the person leaves, and all that ran in the session ends, unless the host only sleeps.

    Services end with the power, which no record tells.
    """
    m = home.machine
    _hum(home, plan)
    m.up = not plan.shuts
    if plan.work and (plan.shuts or not m.host.laptop):
        for number, (key, process) in enumerate([item for item in m.running.items() if item[1].account is m.person]):
            m.log.process_ended(plan.work[1] + number * 90_000, process)
            del m.running[key]


def _boot(home: Home, time: int) -> None:
    """The system's own processes, then all services, one a second."""
    m = home.machine
    m.running.clear()
    m.loaded.clear()
    m.patches = patch_nights(time)
    for number, file in enumerate(_DRIVERS):
        m.log.driver_loaded(time - 3 * SECOND + number * 40_000, m.windows(file, SYSTEM32 + "drivers\\"))
    for number, program in enumerate(home.with_drivers()):
        m.load_drivers(time - 2 * SECOND + number * 50_000, program)
    wininit = m.start(time, m.windows("wininit.exe"), "wininit.exe", m.kernel)
    for name in ("services", "lsass"):
        m.running[name] = m.start(time + SECOND, m.windows(f"{name}.exe"), f"{SYSTEM32}{name}.exe", wininit)
    m.running["winlogon"] = m.start(time + 2 * SECOND, m.windows("winlogon.exe"), "winlogon.exe", m.kernel)
    for number, program in enumerate(home.present(Start.SERVICE)):
        m.launch(time + (3 + number) * SECOND, program)
    pipes.of_services(m)
    m.inside(time + 8 * SECOND, m.running["lsass"], KERBEROS)
    m.inside(time + 9 * SECOND, m.kernel, POLICY)


def _log_on(home: Home, time: int) -> None:
    m = home.machine
    m.log_on(time)
    winlogon = m.running["winlogon"]
    m.log.logon(time, m.host.name, m.person, 2, winlogon)
    m.inside(time + SECOND, m.running["lsass"], KERBEROS)
    userinit = m.start(
        time + 2 * SECOND, m.windows("userinit.exe"), SYSTEM32 + "userinit.exe", winlogon, account=m.person
    )
    shell = m.start(
        time + 3 * SECOND, m.windows("explorer.exe", "C:\\Windows\\"), "C:\\Windows\\Explorer.EXE", userinit
    )
    m.running["explorer"] = shell
    m.log.process_ended(time + 25 * SECOND, userinit)
    m.inside(time + 6 * SECOND, m.kernel, HOME_FOLDER)
    for number, program in enumerate(home.present(Start.LOGON)):
        m.launch(time + (8 + 4 * number) * SECOND, program)
    remote = home.find("crvagent.exe")
    if remote is not None and remote.key in m.running:  # remote support hooks the desktop that it will show
        agent = m.running[remote.key]
        m.log.process_access(time + 9 * SECOND, agent, shell, 0x1FFFFF)
        m.log.remote_thread(time + 9 * SECOND + 4_000, agent, shell, 0x00007FFB12340000)


def _work(home: Home, work: tuple[int, int]) -> None:
    """What the person opens, and when: each program some times a day, for minutes or for hours."""
    m, (begin, end) = home.machine, work
    for program in home.present(Start.PERSON) if m.host.work is not Work.KIOSK else ():
        for _ in range(_times(home, program.per_day * m.host.keenness)):
            time = int(m.rng.uniform(begin + 5 * MINUTE, end - 40 * MINUTE))
            until = min(end - MINUTE, time + int(m.rng.lognormvariate(3.4, 0.9) * MINUTE))
            _open(home, program, time, until)
    if m.host.work is Work.ADMIN:
        for _ in range(_times(home, 1.2)):
            _ask(home, int(m.rng.uniform(begin + 5 * MINUTE, end - 40 * MINUTE)))


def _times(home: Home, mean: float) -> int:
    """A Poisson number, by Knuth's product of uniforms (TAOCP 3.4.1); means here are small."""
    product, count, limit = home.machine.rng.random(), 0, 2.718281828**-mean
    while product > limit:
        product *= home.machine.rng.random()
        count += 1
    return count


def _open(home: Home, program: Program, time: int, until: int) -> None:
    """One use of a program by the person, to its end."""
    m = home.machine
    process = m.launch(time, program)
    m.talk_until(process, program, until)
    if program.path in (_CHROME, EDGE):
        pipes.of_browser(m, process)
        _browse(home, process, until, CHROME_AGENT if program.path == _CHROME else EDGE_AGENT)
    elif program.file in ("WINWORD.EXE", "EXCEL.EXE"):
        _save(m, process, (time + until) // 2, "docx" if program.file == "WINWORD.EXE" else "xlsx")
    elif program.file == "emberfall.exe":
        _guard(m, process, time)
    elif program.drivers:
        _operate(m, process, time + MINUTE, until)
    elif program.file == "OUTLOOK.EXE" and m.rng.random() < 0.5:
        _read_attachment(home, process, time + MINUTE, until)
    if program.file in addins.HOSTS:
        for other in [r.program for r in home.residents if r.come and r.program.updater == program.file]:
            addins.renew(m, other, process, (time + until) // 2)
    m.log.process_ended(until, process)
    del m.running[program.key]


def _ask(home: Home, time: int) -> None:
    """An administrator opens a shell and asks about host and network."""
    m = home.machine
    shell = m.start(time, m.windows("cmd.exe"), '"C:\\Windows\\System32\\cmd.exe"', m.running["explorer"])
    for command in m.rng.sample(_ASKED_BY_ADMIN, 4):
        time += int(m.rng.uniform(5, 60) * SECOND)
        m.run(time, command.split()[0] + ".exe", command, shell, 0.8)
    m.log.process_ended(time + MINUTE, shell)


def attachment(m: Machine, outlook: Process, time: int, name: str) -> str:
    """Outlook writes an attachment that is about to be opened, with the mark of the web; returns its path."""
    folder = f"C:\\Users\\{m.host.user}\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook"
    path = f"{folder}\\{m.rng.getrandbits(32):08X}\\{name}"
    m.log.file_created(time, outlook, path)
    mark = path + ":Zone.Identifier"
    m.log.stream_created(time + 40_000, outlook, mark, hashes(path), "[ZoneTransfer]  ZoneId=3")
    return path


def _read_attachment(home: Home, outlook: Process, time: int, until: int) -> None:
    """A document comes by mail and is read: what an intruder's document looks like from outside."""
    m, word = home.machine, home.find("WINWORD.EXE")
    if word is None or word.key in m.running or until < time + 4 * MINUTE:
        return
    path = attachment(m, outlook, time, f"{m.rng.choice(DOCUMENTS)} {m.rng.randrange(1, 60)}.docx")
    process = m.launch(time + 4 * SECOND, word, outlook, f'/n "{path}"')
    m.log.process_ended(until - MINUTE, process)
    del m.running[word.key]


def _save(m: Machine, process: Process, time: int, kind: str) -> None:
    """An Office program saves as Office does: a temporary file, then the document, then the temporary one goes."""
    folder = f"C:\\Users\\{m.host.user}\\Documents\\"
    name = f"{m.rng.choice(DOCUMENTS)} {m.rng.randrange(1, 60)}.{kind}"
    temporary = f"{folder}~${name}"
    m.log.file_created(time, process, temporary)
    m.log.file_created(time + 2 * SECOND, process, folder + name)
    m.log.file_deleted(time + 3 * SECOND, process, temporary, hashes(temporary), kept=False, executable=False)
    m.inside(time + 2 * SECOND, m.kernel, SAVE)


def _browse(home: Home, process: Process, until: int, agent: str) -> None:
    """Pages come with minutes of reading between them, and each asks a few servers at once.

    Reading times are skewed with a long tail (Liu, White and Dumais, SIGIR 2010, fit a Weibull; log-normal here).
    """
    m = home.machine
    time = process.started + 4 * SECOND
    while time < until - 10 * SECOND:
        for name in m.rng.choices(home.sites, cum_weights=home.weights, k=m.rng.randrange(1, 5)):
            at = time + m.rng.randrange(1_500_000)
            flow = m.connect(at, process, (m.resolve(at, process, name), 443), m.size(2_500), m.size(60_000))
            m.wire.tls(flow, name, modern=share_of(name) > 0.15)
        if m.rng.random() < 0.12:
            name = home.sites[16 + m.rng.randrange(200)]  # some small sites still answer in the clear
            flow = m.connect(time, process, (m.resolve(time, process, name), 80), 0, m.size(25_000))
            m.wire.http(flow, Request(name, f"/{m.rng.choice(DOCUMENTS).lower()}.html", agent))
        if m.rng.random() < 0.2:
            path = f"C:\\Users\\{m.host.user}\\AppData\\Local\\Temp\\{m.rng.getrandbits(64):016x}.tmp"
            m.log.file_created(time, process, path)
            m.log.file_deleted(time + 5 * SECOND, process, path, hashes(path), kept=False, executable=False)
        time += int(m.rng.lognormvariate(5.2, 1.1) * SECOND)


def share_of(name: str) -> float:
    """A number from 0 to 1 that belongs to a name."""
    return crc32(name.encode()) % 65_536 / 65_536


def _tasks(home: Home, plan: Plan) -> None:
    """Scheduled tasks run and end; their mean is for ten hours of power."""
    m = home.machine
    for program in home.present(Start.TASK):
        for _ in range(_times(home, program.per_day * (plan.off - plan.on) / (10 * HOUR))):
            time = int(m.rng.uniform(plan.on + 6 * MINUTE, plan.off - 12 * MINUTE))
            until = time + int(m.rng.uniform(0.5, 8) * MINUTE)
            process = m.launch(time, program)
            m.talk_until(process, program, until)
            if program.file == "stkscan.exe":
                _scan(m, process, time)
            m.log.process_ended(until, process)
            del m.running[program.key]


def _scan(m: Machine, process: Process, time: int) -> None:
    """An inventory scanner asks the system what an intruder would ask, and looks at the running programs."""
    for number, command in enumerate(_ASKED_BY_SCANNER):
        m.run(time + (2 + 3 * number) * SECOND, command.split()[0] + ".exe", command, process, 1.0)
    for target in list(m.running.values())[:12]:
        if target is not process and target.started < time:
            m.log.process_access(time + 20 * SECOND, process, target, 0x1400)


def _support(home: Home, plan: Plan) -> None:
    """On some days a service provider's agent runs scripts as the system, which ask what scripts of such agents ask."""
    m, agent = home.machine, home.find("rkagent.exe")
    if agent is None or agent.key not in m.running or m.rng.random() > 0.25:
        return
    process = m.running[agent.key]
    time = int(m.rng.uniform(max(plan.on, process.started) + 10 * MINUTE, plan.off - 20 * MINUTE))
    for command in m.rng.sample(_ASKED_BY_ADMIN, 3):
        shell = m.run(time, "cmd.exe", f"cmd.exe /c {command}", process, 1.2)
        m.run(time + 90_000, command.split()[0] + ".exe", command, shell, 0.8)
        time += int(m.rng.uniform(1, 20) * SECOND)


def _operate(m: Machine, process: Process, time: int, until: int) -> None:
    """An engineering tool reads its controllers (S7 over ISO-on-TCP, RFC 1006), which are on the wire alone."""
    while time < until:
        target = f"10.20.240.{20 + m.host.nature % 40}"
        flow = m.connect(time, process, (target, 102), m.size(3_000), m.size(14_000))
        m.wire.flow(flow, "-")
        time += int(m.rng.uniform(8, 25) * MINUTE)


def _guard(m: Machine, process: Process, time: int) -> None:
    """A game's guard looks at everything that runs, lsass too, and into its own game."""
    for number, target in enumerate([p for p in m.running.values() if p.started < time and p is not process]):
        m.log.process_access(time + 2 * SECOND + number * 3_000, process, target, 0x1410, known=False)


def _hum(home: Home, plan: Plan) -> None:
    """The system's own small acts, four an hour, and the shell's list of recent documents."""
    m = home.machine
    begin = plan.on + 4 * MINUTE
    lasting = [p for p in m.running.values() if p.started < begin and p.account.session == "0"]
    hosts = [p for p in lasting if p.image.file == "svchost.exe"]
    for _ in range(int((plan.off - plan.on) / HOUR / 2)):
        pipes.local(m, m.rng.choice(hosts), int(m.rng.uniform(begin, plan.off - MINUTE)))
    for _ in range(int((plan.off - plan.on) / HOUR * 4)):
        _act(m, lasting, hosts, int(m.rng.uniform(begin, plan.off - MINUTE)))
    if plan.work:
        explorer = m.running["explorer"]
        for _ in range(int(20 * m.host.keenness)):
            begin = max(explorer.started, plan.work[0]) + MINUTE
            time = int(m.rng.uniform(begin, plan.work[1] - MINUTE))
            recent = f"SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs\\{m.rng.randrange(150)}"
            m.log.registry_value(time, explorer, f"HKU\\{m.host.sid}\\{recent}", "Binary Data")
            if m.rng.random() < 0.15:
                pipes.local(m, explorer, time + 2 * SECOND)


def _act(m: Machine, lasting: list[Process], hosts: list[Process], time: int) -> None:
    """A service looks into another process, or writes to the registry or the prefetch folder."""
    source = m.rng.choice(hosts)
    target = m.rng.choice(lasting)
    act = m.rng.random()
    if act < 0.3:
        m.log.process_access(time, source, target, 0x1000)
    elif act < 0.4:
        scanner = next(p for p in lasting if p.image.file == "MsMpEng.exe")
        m.log.process_access(time, scanner, m.rng.choice((target, m.running["lsass"])), 0x1000)
    elif act < 0.6:
        key = f"{SERVICES_KEY}bam\\State\\UserSettings\\{m.host.sid}\\SequenceNumber"
        m.log.registry_value(time, source, key, "DWORD (0x00000a12)")
    elif act < 0.8:
        number = int(share_of(target.image.path) * 0xFFFFFF)
        path = f"C:\\Windows\\Prefetch\\{target.image.file.upper()}-{number:08X}.pf"
        m.log.file_created(time, source, path)
        m.log.file_deleted(time + SECOND, source, path, hashes(path), kept=False, executable=False)
    else:
        key = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Notifications\\Data"
        m.log.registry_key(time, source, "CreateKey", key)
