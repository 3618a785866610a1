"""What a collector finds running on some of the hosts, once a month: who signed each program, by which certificate.

In the fields of Velociraptor's artifact ``Windows.System.Pslist``, whose ``Authenticode`` tells serial number and
issuer; Sysmon tells the signer's name alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from lodger.lab.machine import Machine
from lodger.lab.people import Host
from lodger.lab.pki import code_certificate
from lodger.lab.sysmon import SECOND, Image, Process

_EVERY: Final = 30  # days
_FIRST: Final = 14
_HASH: Final = re.compile(r"(SHA1|MD5|SHA256)=([0-9A-F]+)")


def collects(host: Host, number: int, days: int) -> bool:
    """Whether the collector comes to this host on this day (from 0): to one in four, monthly and on the last day."""
    return host.nature % 4 == 0 and (number % _EVERY == _FIRST or number == days - 1)


def collected(m: Machine, stolen: Mapping[str, str]) -> str:
    """The programs that run on a host, one JSON object a line; ``stolen`` has, by path, the mark of a life that signs
    with a certificate of its own under a large publisher's name.
    """
    running = sorted(m.running.values(), key=lambda process: (process.started, process.guid))
    return "".join(msgspec.json.encode(_told(m, each, stolen)).decode() + "\n" for each in running)


def path_of(out: Path, host: Host, day: str) -> Path:
    """Where the host's listing of a day lies, named as Velociraptor's collector names collections."""
    folder = f"Collection-{host.fqdn.replace('.', '_')}-{day}T20_00_00Z"
    return out / "collections" / folder / "results" / "Windows.System.Pslist.json"


def _told(m: Machine, process: Process, stolen: Mapping[str, str]) -> dict[str, Any]:
    image = process.image
    begun = datetime.fromtimestamp(process.started // SECOND, UTC)
    return {
        "Fqdn": m.host.fqdn,
        "Pid": process.pid,
        "Ppid": process.parent.pid if process.parent else 0,
        "TokenIsElevated": process.account.integrity == "System",
        "Name": image.file,
        "Exe": image.path,
        "CommandLine": process.command,
        "Username": process.account.user,
        "CreateTime": begun.isoformat().replace("+00:00", "Z"),
        "Hash": {name: value.lower() for name, value in _HASH.findall(image.hashes)},
        "Authenticode": _signature(image, stolen.get(image.path, "")),
    }


def _signature(image: Image, mark: str) -> dict[str, str | None]:
    if image.signer is None:
        return {"Filename": image.path, "Trusted": "unsigned"}
    shown = code_certificate(image.signer, mark)
    return {
        "Filename": image.path,
        "ProgramName": image.product,
        "SerialNumber": shown.serial,
        "IssuerName": shown.issuer,
        "SubjectName": f"C=US, O={image.signer}, CN={image.signer}",
        "Timestamp": None,
        "Trusted": "trusted",
    }
