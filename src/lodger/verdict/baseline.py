"""What public records of ordinary machines say of P(finding | ordinary), before the fleet is asked.

``baseline.json`` comes with the package: of every detector, in how many program families of public data sets the
sensors could have shown it, and in how many they did. ``tools/baseline.py`` makes it, and names the sets.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

import msgspec

from lodger.errors import InputError

#: The share in a detector's header counts as much as this many public programs.
HEADER_PROGRAMS: Final = 50.0

#: The version of the file.
FORMAT: Final = 1


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public data set. ``programs`` are families; ``left_out`` those of them that took part in what was staged."""

    name: str
    origin: str
    licence: str
    hosts: int
    programs: int
    left_out: int


class Counts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of one detector: the program families whose host's sensors could have shown it, and those that did."""

    programs: int = 0
    shown: int = 0


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: ``detectors`` by id, all of them."""

    lodger_baseline: int
    made_by: str
    sets: tuple[Source, ...]
    detectors: dict[str, Counts]


def share(header: float, counts: Counts) -> float:
    """P(finding | ordinary) to start from: the mean of a beta posterior, never below the header's. Six decimals.

    Its prior is the header's share with the weight of :data:`HEADER_PROGRAMS` programs. Public machines were set up to
    be recorded, for minutes, with little beside the system's own programs: what they show is commoner than thought,
    but what they do not show is not rarer for that.
    """
    learned = (header * HEADER_PROGRAMS + counts.shown) / (HEADER_PROGRAMS + counts.programs)
    return round(max(header, learned), 6)


@cache
def baseline() -> Baseline:
    """The baseline that comes with the package."""
    return parsed((resources.files("lodger.verdict") / "baseline.json").read_bytes(), "baseline.json")


def parsed(data: bytes, name: str) -> Baseline:
    """The content of such a file. Raises InputError, which calls the file by ``name``."""
    try:
        found = msgspec.json.decode(data, type=Baseline)
    except msgspec.DecodeError as error:
        raise InputError(f"{name} is no baseline: {error}", advice="make one with tools/baseline.py") from error
    if found.lodger_baseline != FORMAT:
        raise InputError(f"{name} is of version {found.lodger_baseline}; this Lodger takes version {FORMAT}")
    for detector, each in found.detectors.items():
        if not 0 <= each.shown <= each.programs:
            raise InputError(f"{name}: {detector} is shown by {each.shown} of {each.programs} programs")
    return found


def encoded(content: Baseline) -> bytes:
    """``content`` as such a file; the same content gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(content, order="sorted"), indent=2) + b"\n"
