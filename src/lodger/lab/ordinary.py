"""An ordinary day of a host: it boots, its person logs on, works and leaves, and everything hums in the background."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from lodger.lab.catalogue import CHROME_AGENT, EDGE_AGENT, PROGRAMS, PROGRAMS_86, SYSTEM32, Program, Start
from lodger.lab.machine import CONTROLLER, FILES, Machine
from lodger.lab.people import HOUR, MINUTE, Plan
from lodger.lab.sysmon import SECOND, Process, hashes
from lodger.lab.zeek import Request

_SERVICES_KEY: Final = "HKLM\\System\\CurrentControlSet\\Services\\"
_RUN_KEY: Final = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\"
_CHROME: Final = PROGRAMS + "Google\\Chrome\\Application\\chrome.exe"
_EDGE: Final = PROGRAMS_86 + "Microsoft\\Edge\\Application\\msedge.exe"
_DOCUMENTS: Final = "Report Minutes Budget Offer Plan Invoice Notes Overview Contract Schedule Draft".split()


@dataclass
class Resident:
    """A program on a host: there from day ``since`` (below 0: before the records begin) until day ``until`` (None: stays)."""

    program: Program
    since: int = -1
    until: int | None = None
    how: str = "browser"  # how it comes when it comes: browser, build

    def there(self, day: int) -> bool:
        """Whether it is installed when the day begins."""
        return self.since < day and (self.until is None or day <= self.until)


@dataclass
class Home:
    """A machine with the programs that live on it and the sites its person visits."""

    machine: Machine
    residents: list[Resident]
    sites: tuple[str, ...]
    weights: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        total, running = 0.0, []
        for rank in range(len(self.sites)):  # Zipf with exponent 1: Breslau and others, INFOCOM 1999
            total += 1.0 / (rank + 1)
            running.append(total)
        self.weights = tuple(running)

    def present(self, *starts: Start) -> list[Program]:
        """The programs installed today that start in one of these ways."""
        return [r.program for r in self.residents if r.there(self.machine.days) and r.program.start in starts]


def live(home: Home, plan: Plan) -> None:
    """Tell one day of one host up to the evening, without the intruder."""
    if plan.boots:
        boot(home, plan.on)
    if plan.work:
        _log_on(home, plan.work[0])
        _work(home, plan.work)
    _install_and_remove(home, plan)
    _background(home, plan)
    _hum(home, plan)


def boot(home: Home, time: int) -> None:
    """The system comes up: its own processes, then all services."""
    m = home.machine
    m.running.clear()
    m.wire.lease(time - 2 * SECOND, m.host.ip, CONTROLLER, m.host.mac, m.host.name, "fairholt.example")
    wininit = m.start(time, m.windows("wininit.exe"), "wininit.exe", m.system, m.kernel)
    services = m.start(time + SECOND, m.windows("services.exe"), SYSTEM32 + "services.exe", m.system, wininit)
    m.running["services"] = services
    m.running["lsass"] = m.start(time + SECOND, m.windows("lsass.exe"), SYSTEM32 + "lsass.exe", m.system, wininit)
    m.running["winlogon"] = m.start(time + 2 * SECOND, m.windows("winlogon.exe"), "winlogon.exe", m.system, m.kernel)
    for number, program in enumerate(home.present(Start.SERVICE)):
        m.launch(time + (3 + number) * SECOND, program)
    m.inside(time + 8 * SECOND, m.running["lsass"], CONTROLLER, 88, "krb_tcp", 1_500, 1_700)
    m.inside(time + 9 * SECOND, m.kernel, CONTROLLER, 445, "gssapi,smb,krb", 4_000, 6_000)


def _log_on(home: Home, time: int) -> None:
    m = home.machine
    m.log_on(time)
    m.log.logon(time, m.host.name, m.person, 2, m.running["winlogon"])
    m.inside(time + SECOND, m.running["lsass"], CONTROLLER, 88, "krb_tcp", 1_600, 1_700)
    userinit = m.start(time + 2 * SECOND, m.windows("userinit.exe"), SYSTEM32 + "userinit.exe", m.person, m.running["winlogon"])
    explorer = m.start(time + 3 * SECOND, m.windows("explorer.exe", "C:\\Windows\\"), "C:\\Windows\\Explorer.EXE", m.person, userinit)
    m.running["explorer"] = explorer
    m.log.process_ended(time + 25 * SECOND, userinit)
    m.inside(time + 6 * SECOND, m.kernel, FILES, 445, "gssapi,smb,krb", 9_000, 60_000)
    for number, program in enumerate(home.present(Start.LOGON)):
        m.launch(time + (8 + 4 * number) * SECOND, program)


def log_off(home: Home, time: int) -> None:
    """The person leaves: all that ran in the session ends."""
    m = home.machine
    mine = [(key, p) for key, p in m.running.items() if p.account is m.person]
    for number, (key, process) in enumerate(mine):
        m.log.process_ended(time + number * 90_000, process)
        del m.running[key]


def _work(home: Home, work: tuple[int, int]) -> None:
    """What the person opens, and when: each program some times a day, for minutes or for hours."""
    m, (begin, end) = home.machine, work
    for program in home.present(Start.PERSON):
        for _ in range(_times(home, program.per_day * m.host.keenness)):
            time = int(m.rng.uniform(begin + 5 * MINUTE, end - 40 * MINUTE))
            until = min(end - MINUTE, time + int(m.rng.lognormvariate(3.4, 0.9) * MINUTE))
            process = m.launch(time, program)
            m.talk_until(process, program, until)
            _use(home, program, process, time, until)
            m.log.process_ended(until, process)
            del m.running[program.path + program.arguments]


def _times(home: Home, mean: float) -> int:
    """A Poisson number, by Knuth's product of uniforms (TAOCP 3.4.1); means here are small."""
    product, count, limit = home.machine.rng.random(), 0, 2.718281828 ** -mean
    while product > limit:
        product *= home.machine.rng.random()
        count += 1
    return count


def _use(home: Home, program: Program, process: Process, time: int, until: int) -> None:
    if program.path in (_CHROME, _EDGE):
        _browse(home, process, time, until, CHROME_AGENT if program.path == _CHROME else EDGE_AGENT)
    elif "Office16" in program.path and program.file != "OUTLOOK.EXE":
        kind = "docx" if program.file == "WINWORD.EXE" else "xlsx"
        _save(home, process, int((time + until) / 2), kind)


def _save(home: Home, process: Process, time: int, kind: str) -> None:
    """An Office program saves as Office does: a temporary file, then the document, then the temporary one goes."""
    m = home.machine
    folder = f"C:\\Users\\{m.host.user}\\Documents\\"
    name = f"{m.rng.choice(_DOCUMENTS)} {m.rng.randrange(1, 60)}.{kind}"
    temporary = f"{folder}~${name}"
    m.log.file_created(time, process, temporary)
    m.log.file_created(time + 2 * SECOND, process, folder + name)
    m.log.file_deleted(time + 3 * SECOND, process, temporary, hashes(f"{temporary}{time}"), archived=False, executable=False)
    m.inside(time + 2 * SECOND, m.kernel, FILES, 445, "gssapi,smb", 90_000, 5_000)


def _browse(home: Home, process: Process, time: int, until: int, agent: str) -> None:
    """Pages come in bursts with minutes of reading between them; a page asks a few servers at once."""
    m = home.machine
    cache = f"C:\\Users\\{m.host.user}\\AppData\\Local\\Temp\\"
    time += 4 * SECOND
    while time < until:
        for name in m.rng.choices(home.sites, cum_weights=home.weights, k=m.rng.randrange(1, 5)):
            at = time + m.rng.randrange(1_500_000)
            found = m.resolve(at, process, name)
            flow = m.connect(at, process, (found, 443), m.size(2_500), m.size(60_000))
            m.wire.tls(flow, name, modern=hash_share(name) > 0.15)
        if m.rng.random() < 0.12:
            name = home.sites[16 + m.rng.randrange(200)]  # some small sites still answer in the clear
            flow = m.connect(time, process, (m.resolve(time, process, name), 80), 0, m.size(25_000))
            m.wire.http(flow, Request(name, f"/{m.rng.choice(_DOCUMENTS).lower()}.html", agent))
        if m.rng.random() < 0.2:
            path = f"{cache}{m.rng.getrandbits(64):016x}.tmp"
            m.log.file_created(time, process, path)
            m.log.file_deleted(time + 5 * SECOND, process, path, hashes(path), archived=False, executable=False)
        time += int(m.rng.lognormvariate(4.6, 1.1) * SECOND)


def hash_share(name: str) -> float:
    """A fixed number from 0 to 1 for a name."""
    return int(hashes(name)[5:9], 16) / 0xFFFF


def _background(home: Home, plan: Plan) -> None:
    """Scheduled tasks run and end, and services and logon programs talk while the host or the person is there."""
    m = home.machine
    hours = (plan.off - plan.on) / (10 * HOUR)
    for program in home.present(Start.TASK):
        for _ in range(_times(home, program.per_day * hours)):
            time = int(m.rng.uniform(plan.on + 6 * MINUTE, plan.off - 12 * MINUTE))
            process = m.launch(time, program)
            until = time + int(m.rng.uniform(0.5, 8) * MINUTE)
            m.talk_until(process, program, until)
            _scan(home, program, process, time)
            m.log.process_ended(until, process)
            del m.running[program.path + program.arguments]
    for program in home.present(Start.SERVICE, Start.LOGON):
        found = m.running.get(program.path + program.arguments)
        if found is not None:
            until = plan.work[1] if plan.work and program.start is Start.LOGON else plan.off
            m.talk_until(found, program, until - MINUTE)


def _scan(home: Home, program: Program, process: Process, time: int) -> None:
    """An inventory scanner asks the system what an intruder would ask, and looks at every process."""
    if program.file != "stkscan.exe":
        return
    m = home.machine
    for number, command in enumerate(("systeminfo", "ipconfig /all", "tasklist /svc", "net localgroup administrators")):
        at = time + (2 + 3 * number) * SECOND
        child = m.start(at, m.windows(command.split()[0] + ".exe"), command, m.system, process)
        m.log.process_ended(at + SECOND, child)
    for target in list(m.running.values())[:12]:
        if target is not process:
            m.log.process_access(time + 20 * SECOND, process, target, 0x1400)


def _hum(home: Home, plan: Plan) -> None:
    """The system's own small acts: looks into processes, registry and prefetch writes, the virus scanner's reading."""
    m = home.machine
    people = [p for p in m.running.values() if p.account is m.person]
    services = [p for key, p in m.running.items() if p.account is not m.person and key not in ("services", "winlogon")]
    scanner = next(p for key, p in m.running.items() if "MsMpEng" in key)
    svchosts = [p for p in services if p.image.file == "svchost.exe"]
    for _ in range(int((plan.off - plan.on) / HOUR * 4)):
        time = int(m.rng.uniform(plan.on + 4 * MINUTE, plan.off - MINUTE))
        source, target = m.rng.choice(svchosts), m.rng.choice(services)
        act = m.rng.random()
        if act < 0.3:
            m.log.process_access(time, source, target, 0x1000)
        elif act < 0.4:
            m.log.process_access(time, scanner, m.rng.choice((target, m.running["lsass"])), 0x1000)
        elif act < 0.6:
            m.log.registry_value(time, source, _SERVICES_KEY + f"bam\\State\\UserSettings\\{m.host.sid}\\SequenceNumber", "DWORD (0x00000a12)")
        elif act < 0.8:
            name = f"C:\\Windows\\Prefetch\\{target.image.file.upper()}-{int(hash_share(target.image.path) * 0xFFFFFF):08X}.pf"
            m.log.file_created(time, source, name)
            m.log.file_deleted(time + SECOND, source, name, hashes(name), archived=False, executable=False)
        else:
            m.log.registry_key(time, source, "CreateKey", "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Notifications\\Data")
    if plan.work and people:
        explorer = m.running["explorer"]
        for _ in range(int(25 * m.host.keenness)):
            time = int(m.rng.uniform(explorer.started + MINUTE, plan.work[1] - MINUTE))
            key = f"HKU\\{m.host.sid}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\RecentDocs\\{m.rng.randrange(150)}"
            m.log.registry_value(time, explorer, key, "Binary Data")


# -- coming and going ---------------------------------------------------------------------------------------------------


def _install_and_remove(home: Home, plan: Plan) -> None:
    m = home.machine
    for resident in home.residents:
        if resident.since >= 0 and resident.since <= m.days and plan.work and resident.how != "done":
            if resident.how == "build":
                _build(home, resident.program, plan.work)
            else:
                _install(home, resident.program, plan.work)
            resident.since, resident.how = m.days, "done"
        elif resident.until is not None and m.days >= resident.until and resident.program.path + resident.program.arguments in m.running:
            _uninstall(home, resident.program, plan)
            resident.until = m.days


def _install(home: Home, program: Program, work: tuple[int, int]) -> None:
    """A person downloads a setup with the browser and runs it; the setup writes the program and how it starts."""
    m = home.machine
    time = int(m.rng.uniform(work[0] + 30 * MINUTE, work[1] - 2 * HOUR))
    edge = m.start(time, m.windows("msedge.exe", _EDGE.rpartition("\\")[0] + "\\"), f'"{_EDGE}"', m.person, m.running["explorer"])
    setup_path = f"C:\\Users\\{m.host.user}\\Downloads\\{program.product.replace(' ', '')}_Setup_{program.version}.exe"
    setup_image = m.image(Program(setup_path, program.company, program.product + " Setup", program.version, program.signer, Start.PERSON))
    server = program.contacts[0].names[0].partition(".")[2] if program.contacts else "downloads.example"
    flow = m.connect(time + 20 * SECOND, edge, (m.resolve(time + 20 * SECOND, edge, "www." + server), 443), 2_000, m.size(9_000_000))
    m.wire.tls(flow, "www." + server, modern=False)
    m.log.file_created(time + 30 * SECOND, edge, setup_path)
    m.log.stream_created(time + 31 * SECOND, edge, setup_path + ":Zone.Identifier", setup_image.hashes,
                         f"[ZoneTransfer]  ZoneId=3  HostUrl=https://www.{server}/")
    m.log.process_ended(time + 10 * MINUTE, edge)
    setup = m.start(time + 60 * SECOND, setup_image, f'"{setup_path}"', m.person, m.running["explorer"])
    path = m.image(program).path
    m.log.file_created(time + 70 * SECOND, setup, path)
    m.log.file_created(time + 71 * SECOND, setup, path.rpartition("\\")[0] + "\\uninstall.exe")
    if program.start is Start.SERVICE:
        name = program.file.removesuffix(".exe")
        m.log.registry_value(time + 75 * SECOND, m.running["services"], f"{_SERVICES_KEY}{name}\\ImagePath", path)
        m.log.service_installed(time + 75 * SECOND, name, path, driver=False)
    elif program.start is Start.LOGON:
        m.log.registry_value(time + 75 * SECOND, setup, _RUN_KEY + program.product, path)
    m.launch(time + 80 * SECOND, program)
    m.log.process_ended(time + 90 * SECOND, setup)
    if program.start is Start.PERSON:
        process = m.running.pop(program.path + program.arguments)
        m.talk_until(process, program, time + 30 * MINUTE)
        m.log.process_ended(time + 30 * MINUTE, process)


def _build(home: Home, program: Program, work: tuple[int, int]) -> None:
    """A developer's linker writes the developer's own tool, which then runs."""
    m = home.machine
    time = int(m.rng.uniform(work[0] + 30 * MINUTE, work[1] - 2 * HOUR))
    folder = PROGRAMS + "Microsoft Visual Studio\\2022\\Professional\\VC\\Tools\\MSVC\\14.39.33519\\bin\\Hostx64\\x64\\"
    link = m.image(Program(folder + "link.exe", "Microsoft Corporation", "Microsoft Visual Studio", "14.39.33519", "Microsoft Corporation", Start.PERSON))
    linker = m.start(time, link, f'"{link.path}" /OUT:{program.path}', m.person, m.running["explorer"])
    m.log.file_created(time + 3 * SECOND, linker, m.image(program).path)
    m.log.process_ended(time + 4 * SECOND, linker)
    m.log.registry_value(time + 20 * SECOND, m.running["explorer"], f"HKU\\{m.host.sid}\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\{program.product}",
                         m.image(program).path)
    m.launch(time + 60 * SECOND, program)


def _uninstall(home: Home, program: Program, plan: Plan) -> None:
    """The trial is over: the program's own uninstaller takes away files, service and itself."""
    m = home.machine
    begin, end = plan.work or (plan.on, plan.off)
    time = int(m.rng.uniform(begin + 20 * MINUTE, end - HOUR))
    process = m.running.pop(program.path + program.arguments)
    m.talk_until(process, program, time - MINUTE)
    image = m.image(program)
    folder = image.path.rpartition("\\")[0]
    remover_image = m.image(Program(folder + "\\uninstall.exe", program.company, program.product + " Uninstall", program.version, program.signer, Start.PERSON))
    remover = m.start(time, remover_image, f'"{remover_image.path}" /expired', process.account, process)
    m.log.process_ended(time + 2 * SECOND, process)
    for number, path in enumerate((image.path, folder + "\\license.dat", folder + "\\uninstall.exe")):
        m.log.file_deleted(time + (4 + number) * SECOND, remover, path, image.hashes, archived=False, executable=path.endswith("exe"))
    name = program.file.removesuffix(".exe")
    m.log.registry_key(time + 8 * SECOND, m.running["services"], "DeleteKey", _SERVICES_KEY + name)
    m.log.process_ended(time + 10 * SECOND, remover)
