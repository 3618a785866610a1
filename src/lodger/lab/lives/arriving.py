"""How an intruder comes in: what its installer, and whoever let it in, leave in the records."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from lodger.lab.catalogue import EDGE_AGENT, SYSTEM32
from lodger.lab.lives.lodging import Lodging
from lodger.lab.lives.scenario import Arrival, Signed
from lodger.lab.machine import Machine
from lodger.lab.ordinary import DOCUMENTS, EDGE, SERVICES_KEY, Home, Resident, attachment
from lodger.lab.people import HOUR, MINUTE, Plan
from lodger.lab.programs import CATALOGUE
from lodger.lab.shares import DOMAIN_SID, IPC, Call, Share, answer, place, visitor
from lodger.lab.sysmon import SECOND, Image, Process, hashes
from lodger.lab.zeek import Flow, Request

_ADMINISTRATOR = ("adm.service", f"{DOMAIN_SID}-1009")
#: Ordinary programs whose maker's server can be made to bring something else: services of made-up vendors.
_UPDATERS = ("hlbackup.exe", "crvagent.exe")


class Came(NamedTuple):
    """An installer at work from ``time`` on; ``gone``: its file is then deleted, by ``cleaner``."""

    time: int
    installer: Process
    gone: bool
    cleaner: Process


def prepare(home: Home, lodging: Lodging) -> None:
    """Put on the host what the arrival needs and chance has not put there: Outlook and Word, or an updater."""
    there = {resident.program.file for resident in home.residents if resident.since < 0}
    arrival = lodging.life.scenario.arrival
    wanted: tuple[str, ...] = ()
    if arrival is Arrival.DOCUMENT:
        wanted = tuple(file for file in ("OUTLOOK.EXE", "WINWORD.EXE") if file not in there)
    elif arrival is Arrival.UPDATE and not there.intersection(_UPDATERS):
        wanted = _UPDATERS[:1]
    home.residents += [Resident(program) for program in CATALOGUE if program.file in wanted]


def arrive(home: Home, lodging: Lodging, plan: Plan) -> Came | None:
    """Its installer comes and runs; None where nobody is there today to let it in."""
    m, arrival = home.machine, lodging.life.scenario.arrival
    if lodging.neighbour is not None:
        return _spread(m, lodging, lodging.neighbour, plan)
    begin, end = plan.work or (plan.on, plan.off)
    # what does not run as the system runs in the name of somebody who has logged on
    needs_person = arrival in (Arrival.DOCUMENT, Arrival.DOWNLOAD, Arrival.USB) or not lodging.life.as_system
    if (plan.work is None and needs_person) or end - begin < 3 * HOUR:
        return None
    time = int(m.rng.uniform(begin + 40 * MINUTE, end - 2 * HOUR))
    if arrival is Arrival.DOCUMENT:
        return _document(home, lodging, time)
    if arrival is Arrival.DOWNLOAD:
        return _download(m, lodging, time)
    if arrival is Arrival.USB:
        return _stick(m, lodging, time)
    if arrival is Arrival.UPDATE:
        return _update(home, lodging, time)
    return enter(m, lodging, time)


def _installer(lodging: Lodging, path: str, m: Machine) -> Image:
    """Its signature is that of what it brings where the certificate is there to be shown; a small company's stolen one
    is spared for the half of the installers. The others say nothing of themselves.
    """
    life, of = lodging.life, hashes(f"{lodging.life.mark}/{m.host.name}/installer")
    signed = life.scenario.signed in (Signed.BOUGHT, Signed.MASS)
    if life.scenario.signed is Signed.STOLEN and life.scenario.family != "duqu2011":
        signed = int(hashes(life.mark)[5:9], 16) % 2 == 0
    if not signed:
        return Image(path, "-", "-", "-", "-", None, of)
    like = life.library or life.program
    return replace(like, path=path, description=f"{like.product} Setup", hashes=of)


def _document(home: Home, lodging: Lodging, time: int) -> Came:
    """A document comes by mail, and Word writes the installer and runs it with the system's rights."""
    m, mail, writer = home.machine, home.find("OUTLOOK.EXE"), home.find("WINWORD.EXE")
    if mail is None or writer is None:
        raise ValueError(f"{m.host.name} has no Outlook or no Word to let the intruder in")
    outlook = m.launch(time, mail)
    m.talk_until(outlook, mail, time + 3 * MINUTE)
    document = attachment(m, outlook, time + MINUTE, f"{m.rng.choice(DOCUMENTS)} {m.rng.randrange(1, 60)}.docx")
    word = m.launch(time + 65 * SECOND, writer, outlook, f'/n "{document}"')
    path = f"C:\\Users\\{m.host.user}\\AppData\\Local\\Temp\\{m.rng.getrandbits(24):06x}.exe"
    m.log.file_created(time + 80 * SECOND, word, path)
    who = m.system if lodging.life.as_system else m.person
    installer = m.start(time + 82 * SECOND, _installer(lodging, path, m), path, word, account=who)
    m.log.process_ended(time + 9 * MINUTE, word)
    m.log.process_ended(time + 90 * MINUTE, outlook)
    del m.running[mail.key], m.running[writer.key]
    lodging.touch(word, outlook)
    return Came(time + 84 * SECOND, installer, True, word)


def _download(m: Machine, lodging: Lodging, time: int) -> Came:
    """A person fetches a setup from the vendor's site, as it seems, and runs it."""
    product = (lodging.life.program.product if lodging.life.library is None else "Viewer").replace(" ", "")
    file = f"{product.strip('-') or 'Update'}_Setup.exe"
    path = f"C:\\Users\\{m.host.user}\\Downloads\\{file}"
    image, explorer = _installer(lodging, path, m), m.running["explorer"]
    edge = m.start(time, m.windows("msedge.exe", EDGE.rpartition("\\")[0] + "\\"), f'"{EDGE}"', explorer)
    name = next((name for name, _ in lodging.life.servers if name), "").partition(".")[2]
    name = f"www.{name or 'downloads.example'}"
    clear, found = m.rng.random() < 0.4, m.resolve(time + 20 * SECOND, edge, name)
    flow = m.connect(time + 20 * SECOND, edge, (found, 80 if clear else 443), 0, m.size(1_500_000))
    if clear:
        m.wire.http(flow, Request(name, f"/get/{file}", EDGE_AGENT, got="application/x-dosexec", filename=file))
    else:
        m.wire.tls(flow, name, modern=False)
    m.log.file_created(time + 30 * SECOND, edge, path)
    mark = f"[ZoneTransfer]  ZoneId=3  HostUrl={'http' if clear else 'https'}://{name}/get/{file}"
    m.log.stream_created(time + 31 * SECOND, edge, f"{path}:Zone.Identifier", image.hashes, mark)
    m.log.process_ended(time + 10 * MINUTE, edge)
    who = m.system if lodging.life.as_system else m.person
    installer = m.start(time + 60 * SECOND, image, f'"{path}"', explorer, account=who)
    return Came(time + 64 * SECOND, installer, False, explorer)


def _stick(m: Machine, lodging: Lodging, time: int) -> Came:
    """A stick is put in, and what looks like a picture's viewer is opened on it."""
    serial = f"{m.rng.getrandbits(64):016X}&0"
    key = "HKLM\\System\\CurrentControlSet\\Enum\\USBSTOR\\Disk&Ven_Generic&Prod_Flash_Disk&Rev_8.07\\"
    m.log.registry_key(time, m.kernel, "CreateKey", key + serial)
    path = f"E:\\{m.rng.choice(('Photos', 'Slides', 'Scans'))}\\{m.rng.choice(('view', 'open', 'show'))}.exe"
    who = m.system if lodging.life.as_system else m.person
    image = _installer(lodging, path, m)
    installer = m.start(time + 40 * SECOND, image, f'"{path}"', m.running["explorer"], account=who)
    return Came(time + 44 * SECOND, installer, False, installer)


def _update(home: Home, lodging: Lodging, time: int) -> Came:
    """The updater of an ordinary program asks its own server, as ever, and what comes is written and run."""
    m = home.machine
    program = next(found for file in _UPDATERS if (found := home.find(file)) is not None)
    updater = m.running.get(program.key) or m.launch(time - MINUTE, program)
    contact = program.contacts[0]
    server = m.resolve(time, updater, contact.names[0])
    flow = m.connect(time, updater, (server, 443), 900, m.size(1_200_000))
    m.wire.tls(flow, contact.names[0], modern=False)
    folder = f"C:\\ProgramData\\{program.company.split()[0]}\\Updates\\{program.version}.{m.rng.randrange(2, 9)}\\"
    path = f"{folder}{program.file.removesuffix('.exe')}_update.exe"
    m.log.file_created(time + 20 * SECOND, updater, path)
    installer = m.start(time + 25 * SECOND, _installer(lodging, path, m), f'"{path}" /quiet', updater)
    lodging.touch(updater)
    return Came(time + 28 * SECOND, installer, True, updater)


def _spread(m: Machine, lodging: Lodging, neighbour: Machine, plan: Plan) -> Came | None:
    """From the neighbour through whom it will talk, once that has it: copied by share (Symantec, "W32.Duqu", 1.4)."""
    its = neighbour.today
    on, off = (plan.on, plan.off) if lodging.life.as_system else plan.work or (0, 0)  # else it runs in a person's name
    if its is None or not lodging.heard():
        return None
    begin = max(on, plan.tunnel, its.on, its.tunnel) + 20 * MINUTE
    end = min(off, its.off) - HOUR
    return enter(m, lodging, int(m.rng.uniform(begin, end)), neighbour) if end > begin + HOUR else None


def enter(m: Machine, lodging: Lodging, time: int, neighbour: Machine | None = None) -> Came:
    """Somebody with an administrator's password logs on over the network from a guest's address or from a neighbour,
    writes a program by SMB, which the system does, and has it run as a service that is there for that only.
    """
    visits = visitor(m.rng, *_ADMINISTRATOR)
    source = (f"10.20.250.{m.rng.randrange(20, 250)}", m.port())
    workstation = f"DESKTOP-{m.rng.getrandbits(28):07X}"
    if neighbour is not None:
        source, workstation = (neighbour.host.ip, source[1]), ""
        neighbour.log.connection(time - SECOND + 90_000, neighbour.kernel, "tcp", source, (m.host.ip, 445))
    path = f"C:\\Windows\\{''.join(m.rng.choices('abcdefghijklmnopqrstuvwxyz', k=8))}.exe"
    services, service = m.running["services"], path[11:-4]
    opens = (Share("ADMIN$", (path[11:],), True), Share(IPC, ("svcctl",)))
    call = Call(time - SECOND, source, visits, opens, workstation)
    flow = Flow(time - SECOND, source, (m.host.ip, 445), m.size(420_000), m.size(9_000), m.rng.uniform(8, 40))
    place(m.wire, flow, m.host.name, call)
    answer(m, call)
    m.log.file_created(time + 2 * SECOND, m.kernel, path)
    m.log.registry_key(time + 3 * SECOND, services, "CreateKey", SERVICES_KEY + service)
    m.log.registry_value(time + 3 * SECOND + 9_000, services, f"{SERVICES_KEY}{service}\\ImagePath", path)
    m.service_installed(time + 3 * SECOND + 20_000, service, path, by=visits)
    installer = m.start(time + 4 * SECOND, _installer(lodging, path, m), path, services, account=m.system)
    m.log.registry_key(time + 40 * SECOND, services, "DeleteKey", SERVICES_KEY + service)
    return Came(time + 6 * SECOND, installer, True, m.kernel)


def by_schedule(m: Machine) -> Process:
    """The scheduler's process."""
    return m.running[f"{SYSTEM32}svchost.exe-k netsvcs -p -s Schedule"]
