"""What setups leave behind: a program's files, its drivers and entries, and what it brings of other makers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from zlib import crc32

from lodger.lab.brought import RUNTIME
from lodger.lab.catalogue import MICROSOFT, SYSTEM32, Program, Start
from lodger.lab.machine import FILE_SERVER, Inner, Machine
from lodger.lab.ordinary import SERVICES_KEY
from lodger.lab.sysmon import SECOND, Process

RUN_KEY: Final = "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\"
_RUNTIME_FILES: Final = ("msvcp140.dll", "vcruntime140.dll", "vcruntime140_1.dll", "concrt140.dll")
_SHARE: Final = Inner(FILE_SERVER, 445, "gssapi,smb", 6_000, 2_400_000)
_WITH_RUNTIME: Final = 8  # one small vendor's setup in so many brings Microsoft's runtime (estimated)


def set_up(m: Machine, program: Program, setup: Process, time: int, uninstaller: str) -> None:
    """A setup writes a program with its drivers, and enters what starts it."""
    path = m.image(program).path
    m.log.file_created(time, setup, path)
    m.log.file_created(time + SECOND, setup, path.rpartition("\\")[0] + "\\" + uninstaller)
    for number, file in enumerate(program.drivers):
        driver = m.driver(program, file)
        m.log.file_created(time + 2 * SECOND + number * 200_000, setup, driver.path)
        enter_service(m, file.removesuffix(".sys"), driver.path, time + 3 * SECOND, driver=True)
        m.loaded.discard(file)
        m.load_drivers(time + 4 * SECOND, program)
    if program.start is Start.SERVICE:
        enter_service(m, program.file.removesuffix(".exe"), path, time + 5 * SECOND, driver=False)
    elif program.start is Start.LOGON:
        m.log.registry_value(time + 5 * SECOND, setup, f"HKLM\\{RUN_KEY}{program.product}", path)


def enter_service(m: Machine, name: str, path: str, time: int, *, driver: bool) -> None:
    """A service or driver is registered: Sysmon 13 and System 7045."""
    m.log.registry_value(time, m.running["services"], f"{SERVICES_KEY}{name}\\ImagePath", path)
    m.service_installed(time, name, path, driver=driver)


def brings(program: Program) -> tuple[Program, ...]:
    """What a program's setup sets up of other makers, too."""
    if program.brings or program.company == MICROSOFT:
        return program.brings
    return (RUNTIME,) if crc32(f"{program.path} runtime".encode()) % _WITH_RUNTIME == 0 else ()


def bring(m: Machine, program: Program, setup: Process, time: int) -> list[Program]:
    """A setup writes other makers' setups into Temp, runs them and deletes them; returns what of it stays to run."""
    stays = []
    for number, other in enumerate(brings(program)):
        begun = time + number * 5 * SECOND
        folder = f"C:\\Windows\\Temp\\{m.rng.getrandbits(32):08X}\\"
        image = m.image(replace(other, path=folder + other.file, product=other.product + " Setup"))
        m.log.file_created(begun, setup, image.path)
        its = m.start(begun + 400_000, image, f'"{image.path}" {other.arguments or "/quiet"}', setup)
        if other is RUNTIME:
            _runtime(m, its, begun + SECOND)
        else:
            set_up(m, other, its, begun + SECOND, "uninstall.exe")
            m.launch(begun + 7 * SECOND, other)
            stays.append(other)
        m.log.process_ended(begun + 8 * SECOND, its)
        m.log.file_deleted(begun + 9 * SECOND, setup, image.path, image.hashes, kept=False, executable=True)
    return stays


def _runtime(m: Machine, setup: Process, time: int) -> None:
    """The runtime keeps its setup for repairs, and Windows' installer writes its libraries."""
    m.log.file_created(time, setup, RUNTIME.path)
    installer = m.start(
        time + SECOND, m.windows("msiexec.exe"), "C:\\Windows\\System32\\msiexec.exe /V", m.running["services"]
    )
    for number, file in enumerate(_RUNTIME_FILES):
        m.log.file_created(time + 2 * SECOND + number * 150_000, installer, SYSTEM32 + file)
    m.log.process_ended(time + 6 * SECOND, installer)


def set_up_in_shell(m: Machine, program: Program, time: int) -> None:
    """A person copies a program from the team's share in an administrator's shell, and makes a service of it."""
    path = m.image(program).path
    name, folder = program.file.removesuffix(".exe"), path.rpartition("\\")[0]
    shell = m.start(time, m.windows("cmd.exe"), '"C:\\Windows\\System32\\cmd.exe"', m.running["explorer"])
    m.inside(time + 9 * SECOND, m.kernel, _SHARE)
    command = f'xcopy "\\\\fs01\\projects\\{name}\\*" "{folder}" /i /y'
    copies = m.run(time + 10 * SECOND, "xcopy.exe", command, shell, 2.0)
    m.log.file_created(time + 11 * SECOND, copies, path)
    m.run(time + 30 * SECOND, "sc.exe", f'sc create {name} binPath= "{path}" start= auto', shell, 0.3)
    enter_service(m, name, path, time + 30 * SECOND + 150_000, driver=False)
    m.run(time + 40 * SECOND, "sc.exe", f"sc start {name}", shell, 0.5)
    m.launch(time + 41 * SECOND, program)
    m.log.process_ended(time + 120 * SECOND, shell)


def take_away(m: Machine, program: Program, process: Process, time: int) -> None:
    """A person removes a program in Settings or the Control Panel: its uninstaller goes on as a copy of itself in Temp,
    as Inno Setup's do, and takes away files, service and the uninstaller.
    """
    image = m.image(program)
    folder = image.path.rpartition("\\")[0]
    path = folder + "\\unins000.exe"
    uninstaller = m.image(replace(program, path=path, product=program.product + " Uninstall"))
    first = m.start(time + 20 * SECOND, uninstaller, f'"{path}"', _asked(m, time), account=m.person)
    copy = f"C:\\Users\\{m.host.user}\\AppData\\Local\\Temp\\_iu14D2N.tmp"
    m.log.file_created(time + 21 * SECOND, first, copy)
    phase = f'"{copy}" /SECONDPHASE="{path}"'
    second = m.start(time + 22 * SECOND, replace(uninstaller, path=copy), phase, first)
    name = program.file.removesuffix(".exe")
    m.log.process_ended(time + 30 * SECOND, process)
    m.log.registry_key(time + 31 * SECOND, m.running["services"], "DeleteKey", SERVICES_KEY + name)
    for number, gone in enumerate((image.path, folder + "\\license.dat", path)):
        at, executable = time + (32 + number) * SECOND, gone.endswith(".exe")
        m.log.file_deleted(at, second, gone, image.hashes, kept=False, executable=executable)
    m.log.process_ended(time + 35 * SECOND, first)
    m.log.process_ended(time + 36 * SECOND, second)


def _asked(m: Machine, time: int) -> Process:
    """Where a person asks for it: explorer, which shows the Control Panel's list, or Settings."""
    if m.rng.random() < 0.5:
        m.run(time, "control.exe", '"C:\\Windows\\System32\\control.exe" appwiz.cpl', m.running["explorer"], 3.0)
        return m.running["explorer"]
    services = m.running[f"{SYSTEM32}svchost.exe-k DcomLaunch -p -s PlugPlay"]
    path = "C:\\Windows\\ImmersiveControlPanel\\"
    image = m.windows("SystemSettings.exe", path)
    command = f'"{image.path}" -ServerName:microsoft.windows.immersivecontrolpanel'
    settings = m.start(time, image, command, services, account=m.person)
    m.log.process_ended(time + 600 * SECOND, settings)
    return settings
