"""How ordinary programs come and go: by a download and its setup, by the host's own linker, by an uninstaller, or as
:mod:`lodger.lab.setups` tells.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from lodger.lab import addins
from lodger.lab.catalogue import EDGE_AGENT, PROGRAMS, Program, Start
from lodger.lab.machine import Machine
from lodger.lab.ordinary import EDGE, SERVICES_KEY, Home, Resident
from lodger.lab.people import HOUR, MINUTE, Plan
from lodger.lab.setups import RUN_KEY, bring, brings, set_up, set_up_in_shell, take_away
from lodger.lab.sysmon import SECOND, Image, Process
from lodger.lab.zeek import Request

_LINKER: Final = Program(
    PROGRAMS + "Microsoft Visual Studio\\2022\\Professional\\VC\\Tools\\MSVC\\14.39.33519\\bin\\Hostx64\\x64\\link.exe",
    "Microsoft Corporation",
    "Microsoft Visual Studio",
    "14.39.33519",
    "Microsoft Corporation",
    Start.PERSON,
)


def move(home: Home, plan: Plan) -> None:
    """Tell who moves in today and who moves out, and what gets a new version; a person must be there to let one in."""
    m, came = home.machine, list[Program]()
    for resident in home.residents:
        if resident.come and resident.program.updated_every:
            came += _renew(home, resident.program, plan)
        if resident.come and 0 <= resident.by_hand <= m.days and plan.work:
            _renew_by_hand(m, resident, int(m.rng.uniform(plan.work[0] + 30 * MINUTE, plan.work[1] - 2 * HOUR)))
        if not resident.come and resident.since <= m.days and plan.work:
            came += _let_in(m, resident, int(m.rng.uniform(plan.work[0] + 30 * MINUTE, plan.work[1] - 2 * HOUR)))
        elif resident.until is not None and m.days >= resident.until and resident.program.key in m.running:
            _uninstall(m, resident, plan)
    there = {resident.program.key for resident in home.residents}
    home.residents += [Resident(program) for program in came if program.key not in there]


def _let_in(m: Machine, resident: Resident, time: int) -> list[Program]:
    """Returns what of other makers came with it and stays."""
    resident.come = True
    if resident.built_here:
        _build(m, resident.program, time)
    elif resident.by_shell:
        set_up_in_shell(m, resident.program, time)
    else:
        return _install(m, resident.program, time, "unins000.exe" if resident.by_person else "uninstall.exe")
    return []


def _renew(home: Home, program: Program, plan: Plan) -> list[Program]:
    """An updater fetches the version that is new, and its setup writes it; a running program goes on as it is.

    Returns what of other makers came with it and stays.
    """
    m = home.machine
    if m.is_current(program) or program.updater in addins.HOSTS:
        return []
    updater = home.find(program.updater) if program.updater else None
    parent = m.running.get(updater.key) if updater else m.running.get(program.key)
    parent = parent or m.running["services"]
    time = int(m.rng.uniform(max(plan.on, parent.started) + 5 * MINUTE, plan.off - 10 * MINUTE))
    m.releases[program.key] = m.release(program)
    folder = f"C:\\Windows\\Temp\\{m.rng.getrandbits(32):08X}\\"
    image = m.image(replace(program, path=f"{folder}{program.product.replace(' ', '')}Update.exe"))
    setup = m.start(time, image, f'"{image.path}" /quiet', parent, account=m.account(_owner(program)))
    for number, path in enumerate((m.image(program).path, *_beside(m, program))):
        m.log.file_created(time + 6 * SECOND + number * 300_000, setup, path)
    came = bring(m, program, setup, time + 9 * SECOND) if program.brings else []
    m.log.process_ended(time + 20 * SECOND, setup)
    m.log.file_deleted(time + 25 * SECOND, parent, image.path, image.hashes, kept=False, executable=True)
    return came


def _owner(program: Program) -> str:
    return "person" if "{user}" in program.path else "SYSTEM"


def _beside(m: Machine, program: Program) -> list[str]:
    """The other files of a program: libraries in its folder, and drivers."""
    folder = m.image(program).path.rpartition("\\")[0] + "\\"
    return [folder + name for name in program.modules] + [m.driver(program, file).path for file in program.drivers]


def _renew_by_hand(m: Machine, resident: Resident, time: int) -> None:
    """A person fetches a newer version from the vendor's site, driver and all, and sets it up."""
    old = resident.program
    resident.program, resident.by_hand = replace(old, version=old.version + ".1"), -1
    m.running.pop(old.key, None)
    _install(m, resident.program, time)


def _install(m: Machine, program: Program, time: int, uninstaller: str = "uninstall.exe") -> list[Program]:
    """A person downloads a setup with the browser and runs it; returns what of other makers came with it and stays."""
    setup_path = f"C:\\Users\\{m.host.user}\\Downloads\\{program.product.replace(' ', '')}_{program.version}_Setup.exe"
    image = m.image(replace(program, path=setup_path, product=program.product + " Setup"))
    _download(m, program, image, time)
    setup = m.start(time + 60 * SECOND, image, f'"{setup_path}"', m.running["explorer"])
    came = bring(m, program, setup, time + 62 * SECOND)
    time += 10 * SECOND * len(brings(program))
    set_up(m, program, setup, time + 70 * SECOND, uninstaller)
    process = m.launch(time + 80 * SECOND, program)
    m.log.process_ended(time + 90 * SECOND, setup)
    if program.start is Start.PERSON:
        m.talk_until(process, program, time + 30 * MINUTE)
        m.log.process_ended(time + 30 * MINUTE, process)
        del m.running[program.key]
    return came


def _download(m: Machine, program: Program, setup: Image, time: int) -> None:
    """The browser fetches the setup, by TLS or (small vendors) in the clear, and marks it."""
    server = program.contacts[0].names[0].partition(".")[2] if program.contacts else "downloads.example"
    name = f"www.{server}"
    edge_folder = EDGE.rpartition("\\")[0] + "\\"
    edge = m.start(time, m.windows("msedge.exe", edge_folder), f'"{EDGE}"', m.running["explorer"])
    clear = m.rng.random() < 0.4
    found = m.resolve(time + 20 * SECOND, edge, name)
    flow = m.connect(time + 20 * SECOND, edge, (found, 80 if clear else 443), 0, m.size(9_000_000))
    if clear:
        uri = f"/download/{setup.file}"
        m.wire.http(flow, Request(name, uri, EDGE_AGENT, got="application/x-dosexec", filename=setup.file))
    else:
        m.wire.tls(flow, name, modern=False)
    m.log.file_created(time + 30 * SECOND, edge, setup.path)
    mark = f"[ZoneTransfer]  ZoneId=3  HostUrl={'http' if clear else 'https'}://{name}/download/{setup.file}"
    m.log.stream_created(time + 31 * SECOND, edge, f"{setup.path}:Zone.Identifier", setup.hashes, mark)
    m.log.process_ended(time + 10 * MINUTE, edge)


def _build(m: Machine, program: Program, time: int) -> None:
    """A developer's linker writes the developer's own tool, which is put among the autostart entries and runs."""
    image, explorer = m.image(program), m.running["explorer"]
    linker = m.start(time, m.image(_LINKER), f'"{_LINKER.path}" /OUT:{image.path}', explorer)
    m.log.file_created(time + 3 * SECOND, linker, image.path)
    m.log.process_ended(time + 4 * SECOND, linker)
    m.log.registry_value(time + 20 * SECOND, explorer, f"HKU\\{m.host.sid}\\{RUN_KEY}{program.product}", image.path)
    m.launch(time + 60 * SECOND, program)


def _uninstall(m: Machine, resident: Resident, plan: Plan) -> None:
    """A trial is over: the program starts its own uninstaller, which takes away files, service and itself; or a person,
    who must be there, has it taken away.
    """
    program = resident.program
    if resident.by_person and plan.work is None:
        return
    begin, end = plan.work or (plan.on, plan.off)
    time = int(m.rng.uniform(begin + 20 * MINUTE, end - 10 * MINUTE))
    process = m.running.pop(program.key)
    m.talk_until(process, program, time - MINUTE)
    (take_away if resident.by_person else _remove)(m, program, process, time)
    resident.come, resident.since = False, 1 << 30  # gone for good


def _remove(m: Machine, program: Program, process: Process, time: int) -> None:
    image = m.image(program)
    folder = image.path.rpartition("\\")[0]
    remover_path = folder + "\\uninstall.exe"
    remover_image = m.image(replace(program, path=remover_path, product=program.product + " Uninstall"))
    remover = m.start(time, remover_image, f'"{remover_path}" /expired', process)
    m.log.process_ended(time + 2 * SECOND, process)
    for number, path in enumerate((image.path, folder + "\\license.dat", remover_path)):
        at, executable = time + (4 + number) * SECOND, path.endswith(".exe")
        m.log.file_deleted(at, remover, path, image.hashes, kept=False, executable=executable)
    name = program.file.removesuffix(".exe")
    m.log.registry_key(time + 8 * SECOND, m.running["services"], "DeleteKey", SERVICES_KEY + name)
    m.log.process_ended(time + 10 * SECOND, remover)
