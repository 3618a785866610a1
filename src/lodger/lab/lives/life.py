"""The records of one intruder's life, after what was published about Duqu (CrySyS Lab, "Duqu: A Stuxnet-like malware
found in the wild", 2011; Symantec, "W32.Duqu: The precursor to the next Stuxnet", 1.4, 2011).

Names, signer and servers are drawn by the seed. These are log lines only; nothing here does what they tell of.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from lodger.lab.catalogue import PROGRAMS, PROGRAMS_86, SYSTEM32, vendor
from lodger.lab.lives.scenario import Scenario
from lodger.lab.machine import CONTROLLER, Machine
from lodger.lab.ordinary import DOCUMENTS, SERVICES_KEY, Home, attachment
from lodger.lab.people import HOUR, MINUTE, Plan
from lodger.lab.sysmon import SECOND, Image, Process, hashes
from lodger.lab.truth import Intruder, Residence
from lodger.lab.zeek import Request

_QUESTIONS: Final = (
    "whoami /all",
    "ipconfig /all",
    "net view",
    "tasklist /v",
    "netstat -ano",
    "net localgroup administrators",
    "systeminfo",
    "arp -a",
)
_AGENTS: Final = (  # browsers that were common once, and are still named long after
    "Mozilla/5.0 (Windows; U; Windows NT 6.0; en-US; rv:1.9.2.9) Gecko/20100824 Firefox/3.6.9 (.NET CLR 3.5.30729)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
)


@dataclass
class Life:
    """One life: drawn whole in advance, told day by day. Days are numbered from the fleet's first."""

    scenario: Scenario
    arrives: int
    leaves: int
    program: Image
    driver: Image
    service: str
    driver_service: str
    server: str  # a name, or an address where it has no name
    address: str
    every: float  # seconds between contacts
    jitter: float
    agent: str
    picture: int  # bytes of the picture it fetches each time
    keylog: str
    asks: frozenset[int]  # the days on which it asks about host and network
    installer: str = ""
    arrived_at: int = 0  # 0: not yet
    left_at: int = 0  # 0: not yet
    process: Process | None = None
    due: int = 0


def draw(seed: int, days: int, scenario: Scenario, number: int) -> Life:
    """The life of a fleet's intruder ``number``: all the scenario's days, or three quarters of a shorter fleet's."""
    mark = f"{seed}/{number}" if number else f"{seed}"
    rng = random.Random(f"{mark}/life")
    arrives = min(3, days // 10)
    leaves = min(days - 1, arrives + (scenario.days if days > scenario.days + 4 else round(days * 0.75)))
    span = max(1, leaves - arrives)
    company, domain = vendor(rng)
    short = company.split()[0]
    product = " ".join(company.split()[:2])
    part = rng.choice(("hlp", "mon", "svc", "upd", "cfg"))
    name = f"{short[:3].lower()}{part}{rng.randrange(10, 99)}"
    path = f"{rng.choice((PROGRAMS, PROGRAMS_86))}Common Files\\{short}\\{name}.exe"
    driver = f"{SYSTEM32}drivers\\{name[:6]}.sys"
    address = f"192.0.2.{rng.randrange(200, 255)}"
    server = f"img{rng.randrange(1, 9)}.{domain.partition('.')[0][::-1]}.example"
    implant, driver_hash = hashes(f"{mark}/implant"), hashes(f"{mark}/implant driver")
    return Life(
        scenario=scenario,
        arrives=arrives,
        leaves=leaves,
        program=Image(path, "2.1.0.4", f"{product} Helper", product, company, company, implant),
        driver=Image(driver, "2.1.0.0", f"{product} bus filter", product, company, company, driver_hash),
        service=name,
        driver_service=name[:6],
        server=server if rng.random() < 0.5 else address,
        address=address,
        every=rng.uniform(2.0, 6.0) * 3600,
        jitter=rng.uniform(0.1, 0.25),
        agent=rng.choice(_AGENTS),
        picture=rng.randrange(3_000, 9_000),
        keylog=f"C:\\Windows\\Temp\\~{rng.choice(('DF', 'TM', 'WR'))}{rng.getrandbits(20):05X}.tmp",
        asks=frozenset({arrives, *(arrives + rng.randrange(span) for _ in range(max(1, span // 9)))}),
    )


def live(home: Home, life: Life, plan: Plan) -> None:
    """Tell the intruder's part of one day, after the host's ordinary day has been told, which it does not change."""
    m = home.machine
    ordinary = m.rng
    m.rng = random.Random(f"{m.seed}/{life.service}/{m.host.name}/{m.days}")
    _live(home, life, plan)
    m.rng = ordinary


def account(life: Life, host: str) -> Intruder | None:
    """What the truth says of the life that was told; None where it never came."""
    arrival = _iso(life.arrived_at)
    if arrival is None:
        return None
    mine = (life.program.path, life.driver.path, life.installer)
    return Intruder(
        name=life.scenario.name,
        family=life.scenario.family,
        traits=life.scenario.traits(),
        evasive=False,
        hosts=(host,),
        programs=tuple(Residence(host, path) for path in mine),
        signer=life.program.company,
        destinations=tuple(dict.fromkeys((life.server, life.address))),
        arrival=arrival,
        departure=_iso(life.left_at),
        touched=tuple(Residence(host, SYSTEM32 + file) for file in ("winlogon.exe", "lsass.exe", "cmd.exe")),
    )


def _iso(time: int) -> str | None:
    return datetime.fromtimestamp(time / 1e6, UTC).isoformat(timespec="seconds") if time else None


def _live(home: Home, life: Life, plan: Plan) -> None:
    m = home.machine
    if life.left_at or m.days < life.arrives or (not life.arrived_at and plan.work is None):
        return
    begin = plan.on + 3 * MINUTE
    if not life.arrived_at:
        begin = _arrive(home, life, plan.work or (plan.on, plan.off))
    elif plan.boots:
        _start(m, life, plan.on + 30 * SECOND)
    if life.process is None:
        return
    last_day = m.days >= life.leaves
    until = plan.off - MINUTE
    if last_day:
        until = int(m.rng.uniform(begin + (until - begin) * 0.4, begin + (until - begin) * 0.8))
    _reside(home, life, life.process, begin, until)
    _contact(m, life, life.process, until)
    if last_day:
        _depart(m, life, life.process, until)


def _arrive(home: Home, life: Life, work: tuple[int, int]) -> int:
    """A document comes by mail, Word writes the installer, and that what will stay. Returns when it is done."""
    m = home.machine
    mail, writer = home.find("OUTLOOK.EXE"), home.find("WINWORD.EXE")
    if mail is None or writer is None:
        raise ValueError(f"{m.host.name} has no Outlook or no Word to let the intruder in")
    time = int(m.rng.uniform(work[0] + 40 * MINUTE, work[1] - 2 * HOUR))
    outlook = m.launch(time, mail)
    m.talk_until(outlook, mail, time + 3 * MINUTE)
    document = attachment(m, outlook, time + MINUTE, f"{m.rng.choice(DOCUMENTS)} {m.rng.randrange(1, 60)}.docx")
    word = m.launch(time + 65 * SECOND, writer, outlook, f'/n "{document}"')
    path = f"C:\\Users\\{m.host.user}\\AppData\\Local\\Temp\\{m.rng.getrandbits(24):06x}.exe"
    image = Image(path, "-", "-", "-", "-", None, hashes(f"{m.seed}/installer"))
    m.log.file_created(time + 80 * SECOND, word, path)
    installer = m.start(time + 82 * SECOND, image, path, word, account=m.system)
    _settle(m, life, installer, time + 84 * SECOND)
    m.log.process_ended(time + 90 * SECOND, installer)
    m.log.file_deleted(time + 92 * SECOND, word, path, image.hashes, kept=True, executable=True)
    m.log.process_ended(time + 9 * MINUTE, word)
    m.log.process_ended(time + 90 * MINUTE, outlook)
    del m.running[mail.key], m.running[writer.key]
    life.arrived_at = time + MINUTE
    life.installer = path
    _start(m, life, time + 95 * SECOND)
    return time + 2 * MINUTE


def _settle(m: Machine, life: Life, installer: Process, time: int) -> None:
    """Files, a driver and a service."""
    services = m.running["services"]
    for number, path in enumerate((life.driver.path, life.program.path, life.program.path.replace(".exe", ".dat"))):
        m.log.file_created(time + number * 400_000, installer, path)
    for name, image, driver in ((life.driver_service, life.driver, True), (life.service, life.program, False)):
        m.log.registry_key(time + 2 * SECOND, services, "CreateKey", SERVICES_KEY + name)
        m.log.registry_value(time + 2 * SECOND + 20_000, services, f"{SERVICES_KEY}{name}\\ImagePath", image.path)
        start = f"DWORD (0x0000000{1 if driver else 2})"
        m.log.registry_value(time + 2 * SECOND + 40_000, services, f"{SERVICES_KEY}{name}\\Start", start)
        m.log.service_installed(time + 2 * SECOND + 60_000, name, image.path, driver=driver)
    m.log.process_access(time + 3 * SECOND, installer, services, 0x1FFFFF, known=False)
    m.log.remote_thread(time + 3 * SECOND + 5_000, installer, services, 0x0000029AF0630000)


def _start(m: Machine, life: Life, time: int) -> None:
    """The driver loads and the service runs: at arrival, and at each boot."""
    m.log.driver_loaded(time, life.driver)
    process = m.start(time + SECOND, life.program, f'"{life.program.path}"', m.running["services"])
    life.process = process
    m.running[life.program.path] = process
    life.due = max(life.due, time + int(m.rng.uniform(2, 20) * MINUTE))
    m.log.process_access(time + 5 * SECOND, process, m.running["winlogon"], 0x1FFFFF, known=False)
    m.log.remote_thread(time + 5 * SECOND + 8_000, process, m.running["winlogon"], 0x000001D4A3B50000)


def _reside(home: Home, life: Life, process: Process, begin: int, until: int) -> None:
    """Keys and screens into a file, a look into lsass, and on some days questions about the network."""
    m = home.machine
    time = begin + MINUTE
    while time < until:
        m.log.file_created(time, process, life.keylog)
        time += int(m.rng.uniform(1.5, 3.0) * HOUR)
    if m.rng.random() < 0.25 or m.days == life.arrives:
        m.log.process_access(begin + 2 * MINUTE, process, m.running["lsass"], 0x1010, known=False)
    if m.days in life.asks:
        _ask(m, process, int(m.rng.uniform(begin + 3 * MINUTE, max(begin + 4 * MINUTE, until - 20 * MINUTE))))


def _ask(m: Machine, process: Process, time: int) -> None:
    for command in m.rng.sample(_QUESTIONS, 5):
        shell = m.run(time, "cmd.exe", f"cmd.exe /c {command}", process, 0.72)
        m.run(time + 90_000, command.split()[0] + ".exe", command, shell, 0.6)
        time += int(m.rng.uniform(1, 6) * SECOND)


def _contact(m: Machine, life: Life, process: Process, until: int) -> None:
    """Every some hours a small picture comes, always the same; when there is something to tell, a larger one goes."""
    life.due = max(life.due, m.awake + MINUTE)
    while life.due < until:
        time = life.due
        if life.server != life.address:
            m.wire.resolve(time - 60_000, (m.host.ip, m.port()), CONTROLLER, life.server, life.address)
            m.log.dns_query(time - 10_000, process, life.server, life.address)
        flow = m.connect(time, process, (life.address, 80), 0, life.picture)
        uri = f"/gallery/{m.rng.randrange(1000, 9999)}.jpg"
        m.wire.http(flow, Request(life.server, uri, life.agent, got="image/jpeg"))
        if m.rng.random() < 0.6:
            flow = m.connect(time + 4 * SECOND, process, (life.address, 80), m.size(180_000), 54)
            m.wire.http(flow, Request(life.server, "/gallery/add", life.agent, "POST", "image/jpeg", "image/jpeg"))
        life.due = time + int(life.every * m.rng.uniform(1 - life.jitter, 1 + life.jitter) * SECOND)


def _depart(m: Machine, life: Life, process: Process, time: int) -> None:
    """It takes away what it brought: files, both services, and last, through a shell, its own program."""
    config = life.program.path.replace(".exe", ".dat")
    gone = ((life.keylog, hashes(life.keylog)), (config, hashes(config)), (life.driver.path, life.driver.hashes))
    for number, (path, of) in enumerate(gone):
        m.log.file_deleted(time + number * 300_000, process, path, of, kept=True, executable=path.endswith(".sys"))
    for name in (life.driver_service, life.service):
        m.log.registry_key(time + 2 * SECOND, m.running["services"], "DeleteKey", SERVICES_KEY + name)
    shell = m.run(time + 3 * SECOND, "cmd.exe", f'cmd.exe /c del /f "{life.program.path}"', process, 3.0)
    m.log.process_ended(time + 4 * SECOND, process)
    m.log.file_deleted(time + 5 * SECOND, shell, life.program.path, life.program.hashes, kept=True, executable=True)
    m.running.pop(life.program.path, None)
    life.left_at = time + 6 * SECOND
    life.process = None
