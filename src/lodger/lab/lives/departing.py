"""How an intruder's life on a host ends: by itself, or by an administrator's hand."""

from __future__ import annotations

from lodger.lab.lives.lodging import Lodging
from lodger.lab.lives.persisting import RUN_KEY, TASKS, TASKS_KEY
from lodger.lab.lives.scenario import Persistence
from lodger.lab.machine import Machine
from lodger.lab.ordinary import SERVICES_KEY
from lodger.lab.sysmon import SECOND, Process, hashes


def leave(m: Machine, lodging: Lodging, process: Process, time: int) -> None:
    """It takes away what it brought: files, entries, and last, through a shell, its own program."""
    files = [path for path in _files(lodging) if path != lodging.program.path]
    if "keys" in lodging.life.acts:
        files.append(lodging.life.keylog)
    for number, path in enumerate(files):
        m.log.file_deleted(
            time + number * 300_000, process, path, _hashes(lodging, path), kept=True, executable=_runs(path)
        )
    _forget(m, lodging, process, time + 2 * SECOND)
    path = lodging.program.path
    shell = m.run(time + 3 * SECOND, "cmd.exe", f'cmd.exe /c del /f "{path}"', process, 3.0)
    m.log.process_ended(time + 4 * SECOND, process)
    m.log.file_deleted(time + 5 * SECOND, shell, path, lodging.program.hashes, kept=True, executable=True)
    lodging.touch(shell)
    _gone(m, lodging, time + 6 * SECOND)


def remove(m: Machine, lodging: Lodging, process: Process | None, time: int) -> None:
    """An administrator's script ends it, and deletes its entries and files, over remote management."""
    shell = m.start(time, m.windows("cmd.exe"), "cmd.exe /q /c cleanup.cmd", m.running["services"], account=m.system)
    if process is not None:
        killer = m.run(time + SECOND, "taskkill.exe", f"taskkill /f /pid {process.pid}", shell, 0.4)
        m.log.process_access(time + SECOND + 200_000, killer, process, 0x1)
        m.log.process_ended(time + 2 * SECOND, process)
    _forget(m, lodging, shell, time + 3 * SECOND)
    for number, path in enumerate(_files(lodging)):
        at = time + 4 * SECOND + number * 300_000
        m.log.file_deleted(at, shell, path, _hashes(lodging, path), kept=False, executable=_runs(path))
    m.log.process_ended(time + 8 * SECOND, shell)
    _gone(m, lodging, time + 8 * SECOND)


def _files(lodging: Lodging) -> list[str]:
    """What is on the host of it: not its installer, which is gone, or lies where a person put it."""
    program = lodging.program.path
    folder = program.rpartition("\\")[0]
    drivers = [path for path in lodging.files if path.endswith(".sys")]
    beside = [path for path in lodging.files if path.startswith(folder + "\\") and path != program]
    return [*drivers, *beside, program.replace(".exe", ".dat"), program]


def _hashes(lodging: Lodging, path: str) -> str:
    known = {image.path: image.hashes for image in (lodging.program, lodging.life.driver) if image is not None}
    return known.get(path) or hashes(path)


def _runs(path: str) -> bool:
    return path.endswith((".exe", ".sys", ".dll"))


def _forget(m: Machine, lodging: Lodging, process: Process, time: int) -> None:
    """Its entries go."""
    life, services, kind = lodging.life, m.running["services"], lodging.life.scenario.persistence
    if life.driver is not None:
        m.log.registry_key(time, services, "DeleteKey", SERVICES_KEY + life.name[:6])
    if kind in (Persistence.DRIVER, Persistence.SERVICE):
        m.log.registry_key(time + 20_000, services, "DeleteKey", SERVICES_KEY + life.name)
    elif kind is Persistence.TASK:
        m.log.registry_key(time, process, "DeleteKey", TASKS_KEY + life.name)
        m.log.file_deleted(time + 9_000, process, TASKS + life.name, hashes(life.name), kept=False, executable=False)
    elif kind is Persistence.SIDELOAD:
        m.log.registry_key(time, process, "DeleteValue", f"HKU\\{m.host.sid}\\{RUN_KEY}{life.program.product}")


def _gone(m: Machine, lodging: Lodging, time: int) -> None:
    m.running.pop(lodging.program.path, None)
    lodging.left_at, lodging.process = time, None
