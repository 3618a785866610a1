"""ELF programs: known by their head alone (System V ABI, chapter 4)."""

from __future__ import annotations

from lodger.disguise.form import Format, Group
from lodger.disguise.octets import Octets
from lodger.disguise.trace import Trace


def walk(data: Octets, trace: Trace) -> None:
    """Nothing: a program may carry what it likes."""


FORMAT = Format(
    name="elf",
    title="ELF program",
    group=Group.PROGRAM,
    names=frozenset({"so", "elf"}),
    looked_at="nothing within: only whether its name says something else",
    sniff=lambda head: head[:4] == b"\x7fELF",
    walk=walk,
)
