"""What an intruder leaves on a host so that it comes back, and how it comes back."""

from __future__ import annotations

from dataclasses import replace

from lodger.lab.lives.arriving import Came, by_schedule, enter
from lodger.lab.lives.lodging import Lodging
from lodger.lab.lives.scenario import Persistence, Signed
from lodger.lab.machine import Machine
from lodger.lab.ordinary import SERVICES_KEY
from lodger.lab.people import HOUR, MINUTE, Plan
from lodger.lab.programs import CATALOGUE
from lodger.lab.sysmon import SECOND, Image, Process, hashes

RUN_KEY = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\"
TASKS_KEY = "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Schedule\\TaskCache\\Tree\\"
TASKS = "C:\\Windows\\System32\\Tasks\\"
_ROOTS = "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\ROOT\\Certificates\\"


def settle(m: Machine, lodging: Lodging, came: Came) -> int:
    """The installer writes files and entries, and ends; returns when."""
    life, time, installer = lodging.life, came.time, came.installer
    loader = next((known for known in CATALOGUE if known.file == life.program.file), None) if life.library else None
    if loader is not None:
        lodging.program = replace(m.image(loader), path=lodging.program.path)
    beside = lodging.program.path.rpartition("\\")[0] + "\\"
    brought = [lodging.program.path, beside + life.program.file.replace(".exe", ".dat")]
    if life.driver is not None:
        brought.insert(0, life.driver.path)
    if life.library is not None:
        brought.insert(1, beside + life.library.file)
    for number, path in enumerate(brought):
        m.log.file_created(time + number * 400_000, installer, path)
    lodging.files = [path for path in brought if not path.endswith(".dat")] + [installer.image.path]
    if life.scenario.signed is Signed.OWN:
        thumbprint = hashes(f"{life.mark}/root")[5:45]
        m.log.registry_value(time + 1_700_000, installer, f"{_ROOTS}{thumbprint}\\Blob", "Binary Data")
    _enter_itself(m, lodging, came, time + 2 * SECOND)
    ended = time + 6 * SECOND
    if life.scenario.persistence is Persistence.NONE:
        start(m, lodging, ended - SECOND, installer)
    m.log.process_ended(ended, installer)
    if came.gone:
        path = installer.image.path
        m.log.file_deleted(ended + 2 * SECOND, came.cleaner, path, installer.image.hashes, kept=True, executable=True)
    return ended + 5 * SECOND


def _enter_itself(m: Machine, lodging: Lodging, came: Came, time: int) -> None:
    """A driver, a service, a task or an autostart value."""
    life, services, path = lodging.life, m.running["services"], lodging.program.path
    kind = life.scenario.persistence
    entries = [(life.name, path, False)] if kind in (Persistence.DRIVER, Persistence.SERVICE) else []
    if life.driver is not None:
        entries.insert(0, (life.name[:6], life.driver.path, True))
    for name, image, driver in entries:
        m.log.registry_key(time, services, "CreateKey", SERVICES_KEY + name)
        m.log.registry_value(time + 20_000, services, f"{SERVICES_KEY}{name}\\ImagePath", image)
        kind_of_start = f"DWORD (0x0000000{1 if driver else 2})"
        m.log.registry_value(time + 40_000, services, f"{SERVICES_KEY}{name}\\Start", kind_of_start)
        m.service_installed(time + 60_000, name, image, driver=driver)
    if kind is Persistence.TASK:
        schedule = by_schedule(m)
        m.log.file_created(time, schedule, TASKS + life.name)
        m.log.registry_key(time + 30_000, schedule, "CreateKey", TASKS_KEY + life.name)
    elif kind is Persistence.SIDELOAD:
        m.log.registry_value(time, came.installer, f"HKU\\{m.host.sid}\\{RUN_KEY}{life.program.product}", path)
    if "inject" in life.acts and life.as_system:
        m.log.process_access(time + SECOND, came.installer, services, 0x1FFFFF, known=False)
        m.log.remote_thread(time + SECOND + 5_000, came.installer, services, 0x0000029AF0630000)


def start(m: Machine, lodging: Lodging, time: int, parent: Process | None = None) -> None:
    """It runs: started by ``parent``, or by what it left behind for that."""
    life, kind = lodging.life, lodging.life.scenario.persistence
    if life.driver is not None:
        m.log.driver_loaded(time, life.driver)
    if parent is None:
        parent = m.running["services"]
        if kind is Persistence.TASK:
            parent = by_schedule(m)
        elif kind is Persistence.SIDELOAD:
            parent = m.running["explorer"]
    path = lodging.program.path
    modules: tuple[Image, ...] = ()
    if life.library is not None:
        modules = (replace(life.library, path=path.rpartition("\\")[0] + "\\" + life.library.file),)
    account = m.system if life.as_system else m.person
    process = m.start(time + SECOND, lodging.program, f'"{path}"', parent, account=account, modules=modules)
    lodging.process = m.running[path] = process
    lodging.due = max(lodging.due, time + int(m.rng.uniform(2, 20) * MINUTE))
    if life.scenario.peers and lodging.neighbour is None:  # its peers will ask for this pipe
        m.log.pipe_created(time + 3 * SECOND, process, f"\\{life.name.lower()}")
    if "inject" in life.acts:
        target = m.running["winlogon" if life.as_system else "explorer"]
        m.log.process_access(time + 5 * SECOND, process, target, 0x1FFFFF, known=False)
        m.log.remote_thread(time + 5 * SECOND + 8_000, process, target, 0x000001D4A3B50000)
        lodging.touch(target)


def come_back(m: Machine, lodging: Lodging, plan: Plan) -> None:
    """What of it runs again today: at boot, at logon, or, where nothing starts it, because somebody enters again."""
    life = lodging.life
    lodging.process = m.running.get(lodging.program.path)
    if lodging.process is not None:
        return
    if not life.as_system:
        if plan.work:
            start(m, lodging, plan.work[0] + int(m.rng.uniform(20, 90)) * SECOND)
    elif life.scenario.persistence is not Persistence.NONE:
        start(m, lodging, plan.on + 30 * SECOND)
    elif plan.off - plan.on > 3 * HOUR:
        came = enter(m, lodging, plan.on + int(m.rng.uniform(0.2, 0.6) * (plan.off - plan.on)))
        lodging.files.append(came.installer.image.path)
        start(m, lodging, came.time, came.installer)
        m.log.process_ended(came.time + 9 * SECOND, came.installer)
