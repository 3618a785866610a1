"""Roles of programs: what each is to the programs that it starts."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from lodger.stays.paths import Place

SYSTEM32: Final = "\\windows\\system32\\"


class Role(StrEnum):
    """What a program is to the programs that it starts."""

    DESKTOP = "desktop"  # starts what a person asks for; answers for nothing that it starts
    LAUNCHER = "launcher"  # starts what the system asks for; answers for nothing that it starts
    SHELL = "shell"  # like the desktop where a person opened it from there, else an ordinary program
    OPENER = "opener"  # a browser, mail, office or archive program: a person opens things with it
    BODY = "body"  # runs another's code: a service host, a script host
    PLAIN = "plain"


#: Full keys, because a name alone is the intruder's to choose.
DESKTOPS: Final = frozenset(
    {"\\windows\\explorer.exe", "\\windows\\immersivecontrolpanel\\systemsettings.exe"}
    | {
        SYSTEM32 + name
        for name in ("sihost.exe", "openwith.exe", "applicationframehost.exe", "userinit.exe", "shellhost.exe")
    }
)

LAUNCHERS: Final = frozenset(
    {"system", "registry", "idle"}
    | {
        SYSTEM32 + name
        for name in (
            "services.exe",
            "svchost.exe",
            "wininit.exe",
            "winlogon.exe",
            "smss.exe",
            "csrss.exe",
            "taskeng.exe",
            "taskhostw.exe",
            "taskhost.exe",
            "taskhostex.exe",
            "lsass.exe",
            "runtimebroker.exe",
            "dllhost.exe",
            "wbem\\wmiprvse.exe",
            "wsmprovhost.exe",
            "consent.exe",
            "logonui.exe",
            "searchprotocolhost.exe",
            "backgroundtaskhost.exe",
        )
    }
    | {"/sbin/init", "/lib/systemd/systemd", "/usr/lib/systemd/systemd", "/usr/sbin/cron", "/usr/sbin/sshd"}
)

SHELLS: Final = frozenset(
    {
        SYSTEM32 + "cmd.exe",
        SYSTEM32 + "windowspowershell\\*\\powershell.exe",
        SYSTEM32 + "windowspowershell\\*\\powershell_ise.exe",
        SYSTEM32 + "conhost.exe",
        "\\windows\\syswow64\\cmd.exe",
        "\\windows\\syswow64\\windowspowershell\\*\\powershell.exe",
        "\\program files\\powershell\\*\\pwsh.exe",
        "\\program files\\powershell\\7\\pwsh.exe",
        "/bin/bash", "/usr/bin/bash", "/bin/sh", "/usr/bin/sh", "/usr/bin/dash", "/usr/bin/zsh",
    }
)  # fmt: skip

#: Names of programs that people open things with. They count as such only where an administrator's or the vendor's
#: installer puts them.
OPENERS: Final = frozenset(
    {
        "chrome.exe", "msedge.exe", "firefox.exe", "iexplore.exe", "brave.exe", "opera.exe", "vivaldi.exe",
        "safari.exe", "msedgewebview2.exe", "outlook.exe", "olk.exe", "hxoutlook.exe", "thunderbird.exe",
        "winword.exe", "excel.exe", "powerpnt.exe", "onenote.exe", "msaccess.exe", "mspub.exe", "visio.exe",
        "acrord32.exe", "acrobat.exe", "foxitreader.exe", "foxitpdfreader.exe", "sumatrapdf.exe", "wordpad.exe",
        "soffice.exe", "soffice.bin", "7zfm.exe", "7zg.exe", "7z.exe", "winrar.exe", "winzip32.exe", "winzip64.exe",
        "peazip.exe", "bandizip.exe", "teams.exe", "ms-teams.exe", "slack.exe", "telegram.exe", "whatsapp.exe",
        "skype.exe", "discord.exe", "signal.exe",
    }
)  # fmt: skip

SERVICE_HOSTS: Final = frozenset({SYSTEM32 + "svchost.exe", "\\windows\\syswow64\\svchost.exe"})
LIBRARY_HOSTS: Final = frozenset({"rundll32.exe", "regsvr32.exe"})
SCRIPT_HOSTS: Final = frozenset(
    {"wscript.exe", "cscript.exe", "mshta.exe", "python.exe", "pythonw.exe", "java.exe", "javaw.exe", "node.exe"}
)
POWERSHELLS: Final = frozenset({"powershell.exe", "pwsh.exe"})


def role_of(key: str, name: str, place: Place) -> Role:
    """The role of the program with this key, whose last part is ``name``."""
    if key in DESKTOPS:
        return Role.DESKTOP
    if key in LAUNCHERS:
        return Role.LAUNCHER
    if key in SHELLS:
        return Role.SHELL
    if name in OPENERS and (place is Place.PROGRAMS or (place is Place.USER and "\\appdata\\local\\" in key)):
        return Role.OPENER
    if name in LIBRARY_HOSTS | SCRIPT_HOSTS:
        return Role.BODY
    return Role.PLAIN
