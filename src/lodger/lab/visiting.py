"""What both ends tell of a call over SMB: the caller's tool and connection, and what is done on the host it calls."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final

from lodger.lab.catalogue import SYSTEM32, Program
from lodger.lab.machine import Machine
from lodger.lab.neighbours import Errand, Visit
from lodger.lab.ordinary import DOCUMENTS, SERVICES_KEY, Home
from lodger.lab.people import Host
from lodger.lab.served import PSEXEC, PSEXEC_SERVICE, RUNNER
from lodger.lab.shares import DOMAIN_SID, IPC, Call, Share, answer, late, of_machine, place, visitor
from lodger.lab.sysmon import SECOND, Process

#: Whose rights a call has, where not the person's: account and the end of its SID.
_SERVICE: Final = {
    Errand.INVENTORY: ("svc.inventory", 1010),
    Errand.DEPLOY: ("svc.deploy", 1011),
    Errand.BACKUP: ("svc.backup", 1012),
    Errand.MANAGE: ("adm.service", 1009),
    Errand.REMOTE: ("adm.service", 1009),
}
#: Median bytes each way.
_BYTES: Final = {
    Errand.PRINT: (140_000, 5_000),
    Errand.FILES: (30_000, 220_000),
    Errand.QUERY: (6_000, 14_000),
    Errand.INVENTORY: (5_000, 9_000),
    Errand.DEPLOY: (9_000_000, 20_000),
    Errand.MANAGE: (9_000, 30_000),
    Errand.REMOTE: (420_000, 9_000),
    Errand.BACKUP: (60_000, 30_000_000),
}
_LOOKED_AT: Final = ("svcctl", "eventlog", "srvsvc", "winreg", "atsvc")


def as_call(visit: Visit, caller: Host, pipe: str) -> Call:
    """A visit as both ends know it; ``pipe`` is that of the database, where it is called."""
    rng, errand = random.Random(visit.draw), visit.errand
    if errand is Errand.QUERY and visit.draw % 4 == 0:
        account = of_machine(rng, caller)  # a client that runs as a service
    else:
        name, number = _SERVICE.get(errand, (caller.user, 0))
        account = visitor(rng, name, f"{DOMAIN_SID}-{number}" if number else caller.sid)
    opens, later = _opens(visit, rng, pipe)
    by_address = caller.name if errand is Errand.INVENTORY else ""  # without a name there is no ticket
    return Call(visit.time, (caller.ip, visit.port), account, opens, by_address, later)


def _opens(visit: Visit, rng: random.Random, pipe: str) -> tuple[tuple[Share, ...], tuple[str, ...]]:
    """The shares that a visit maps, with what it opens at once; and the pipes that it opens later."""
    errand = visit.errand
    if errand is Errand.FILES:
        names = tuple(f"{rng.choice(DOCUMENTS)} {rng.randrange(1, 60)}.docx" for _ in range(rng.randrange(1, 4)))
        return (Share(IPC, ("srvsvc",)), Share("Projects", names, rng.random() < 0.4)), ()
    if errand is Errand.BACKUP:
        return (Share("C$", ("ProgramData\\Backup\\state.xml", "inetpub", "Data")),), ()
    if errand is Errand.DEPLOY:
        folder = RUNNER.path.rpartition("\\")[0].rpartition("\\")[2]
        files = (f"{folder}\\{RUNNER.file}", f"{folder}\\package.msi")
        return (Share("ADMIN$", files, True), Share(IPC, ("svcctl",))), ("rwrunner",)
    if errand is Errand.REMOTE:
        mine = f"PSEXESVC-{visit.caller}-{visit.draw % 9_000 + 900}"
        pipes = ("PSEXESVC", f"{mine}-stdin", f"{mine}-stdout", f"{mine}-stderr")
        return (Share("ADMIN$", (PSEXEC_SERVICE.file,), True), Share(IPC, ("svcctl",))), pipes
    if errand is Errand.MANAGE:
        return (Share(IPC, tuple(rng.sample(_LOOKED_AT, rng.randrange(1, 3)))),), ()
    opened = {Errand.PRINT: ("spoolss",), Errand.QUERY: (pipe,), Errand.INVENTORY: ("svcctl", "winreg")}[errand]
    return (Share(IPC, opened),), ()


def call(home: Home, visit: Visit, host: Host, pipe: str, by: Process | None = None) -> None:
    """The caller's side: its tool, its connection (of ``by``, else of the system), and the wire's."""
    m, time = home.machine, visit.time
    if visit.errand is Errand.MANAGE:
        m.run(time - 4 * SECOND, "mmc.exe", f"mmc.exe compmgmt.msc /computer:{host.name}", m.running["explorer"], 300.0)
    elif visit.errand is Errand.REMOTE:
        image = m.image(PSEXEC)
        command = f"{image.path} \\\\{host.name} -s cmd /c gpupdate /force"
        tool = m.start(time - SECOND, image, command, m.running["explorer"])
        m.log.process_ended(time + 30 * SECOND, tool)
    elif visit.errand is Errand.BACKUP:
        schedule = m.running[f"{SYSTEM32}svchost.exe-k netsvcs -p -s Schedule"]
        copies = f"robocopy.exe \\\\{host.name}\\C$\\Data D:\\Pulled\\{host.name} /mir /r:1"
        m.run(time - SECOND, "Robocopy.exe", copies, schedule, 120.0)
    up, down = _BYTES[visit.errand]
    flow = m.connect(time, by or m.kernel, (host.ip, 445), m.size(up), m.size(down), port=visit.port)
    place(m.wire, flow, host.name, as_call(visit, m.host, pipe))


def receive(home: Home, visit: Visit, caller: Host, database: Program | None) -> None:
    """The side of the host that is called, and what is done there."""
    m, told = home.machine, as_call(visit, caller, database.pipe if database else "")
    answer(m, told)
    if visit.errand is Errand.DEPLOY:
        command = "C:\\Windows\\System32\\msiexec.exe /i C:\\Windows\\RolloutRunner\\package.msi /qn"
        _by_service(m, told, RUNNER, "RolloutRunner", command=command)
    elif visit.errand is Errand.REMOTE:
        _by_service(m, told, PSEXEC_SERVICE, "PSEXESVC", command="cmd.exe /c gpupdate /force")
    elif visit.errand is Errand.QUERY and database is not None and visit.draw % 3 == 0 and syncs(database):
        process = m.running.get(database.key)
        if process is not None and process.started < visit.time:
            m.talk(visit.time + int(m.rng.uniform(5, 60) * SECOND), process, database.contacts[0])


def syncs(database: Program) -> bool:
    """Half of such databases tell their maker's cloud of some orders as they come."""
    return len(database.company) % 2 == 0


def _by_service(m: Machine, told: Call, program: Program, service: str, *, command: str) -> None:
    """What came by share runs as a service, does one thing, and is gone with its service."""
    time, services, image = told.time + SECOND, m.running["services"], m.image(program)
    m.log.file_created(time, m.kernel, image.path)
    m.log.registry_key(time + 300_000, services, "CreateKey", SERVICES_KEY + service)
    m.log.registry_value(time + 310_000, services, f"{SERVICES_KEY}{service}\\ImagePath", image.path)
    m.service_installed(time + 330_000, service, image.path, by=told.account)
    runs = m.start(time + SECOND, image, image.path, services, account=m.system)
    for number, pipe in enumerate(told.later):
        m.log.pipe_created(time + 1_200_000 + number * 3_000, runs, f"\\{pipe}")
    late(m, told, time + 1_500_000)
    seconds = m.rng.uniform(2, 90) if program is RUNNER else m.rng.uniform(1, 20)
    file = command.split(maxsplit=1)[0].rpartition("\\")[2]
    m.run(time + 2 * SECOND, file, command, runs, seconds)
    ended = time + 3 * SECOND + int(seconds * SECOND)
    m.log.process_ended(ended, runs)
    m.log.registry_key(ended + 200_000, services, "DeleteKey", SERVICES_KEY + service)
    m.log.file_deleted(ended + SECOND, m.kernel, image.path, image.hashes, kept=False, executable=True)


def visit_all(home: Home, visits: Sequence[Visit], hosts: Mapping[str, Host], databases: Mapping[str, Program]) -> None:
    """Tell the host's part of today's ``visits``: those that it pays, and those that it gets."""
    mine = home.machine.host.name
    paid = [visit for visit in visits if visit.caller == mine]
    for visit in paid:
        if visit.errand is not Errand.INVENTORY:
            database = databases.get(visit.host)
            call(home, visit, hosts[visit.host], database.pipe if database else "")
    if walked := [visit for visit in paid if visit.errand is Errand.INVENTORY]:
        walk(home, walked, hosts)
    for visit in visits:
        if visit.host == mine != visit.caller:
            receive(home, visit, hosts[visit.caller], databases.get(mine))


def walk(home: Home, visits: Sequence[Visit], hosts: Mapping[str, Host]) -> None:
    """A network inventory walks all addresses of its own net: hosts that are on answer, of the others few refuse."""
    m = home.machine
    program = next(r.program for r in home.residents if r.program.file == "stkprobe.exe")
    begin = next(visit.time for visit in visits if visit.host == m.host.name)
    found = {int(hosts[visit.host].ip.rpartition(".")[2]): visit for visit in visits if visit.host != m.host.name}
    process = m.launch(begin - 2 * SECOND, program)
    m.talk_until(process, program, begin + 280 * SECOND)
    net = m.host.ip.rpartition(".")[0]
    for number in range(1, 255):
        at = begin + number * 1_100_000
        if number in found:
            call(home, found[number], hosts[found[number].host], "", process)
        elif f"{net}.{number}" != m.host.ip:
            port = m.rng.choice((22, 135, 161, 445, 9_100))
            m.wire.probe(at, (m.host.ip, m.port()), (f"{net}.{number}", port), refused=m.rng.random() < 0.2)
    m.log.process_ended(begin + 300 * SECOND, process)
    del m.running[program.key]
