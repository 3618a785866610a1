"""What the sum starts from: the prior, the shares that detectors bring along, how much is learned of the fleet."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from lodger.errors import InputError
from lodger.evidence import all_detectors
from lodger.verdict.baseline import Baseline, Counts, baseline, share

#: Before any evidence: one implant in ten thousand programs.
PRIOR_ODDS: Final = 1e-4
PRIOR_DB: Final = 10 * math.log10(PRIOR_ODDS)

#: The shipped baseline counts as much as this many of the fleet's own programs.
BASELINE_PROGRAMS: Final = 50.0

#: The version of the files that :func:`read_shares` takes.
FORMAT: Final = 1


@dataclass(frozen=True)
class Shares:
    """P(finding | an implant's stay) and P(finding | an ordinary program) of one detector; None: its header says."""

    p_implant: float | None = None
    p_ordinary: float | None = None


@cache
def shipped() -> Mapping[str, Shares]:
    """P(finding | ordinary) by detector, as the package brings it along: the header's, and what public records say
    (:func:`lodger.verdict.baseline.share`).
    """
    return counted(baseline())


def counted(content: Baseline) -> Mapping[str, Shares]:
    """The same of another baseline."""
    headers = {each.id: each.detector.p_ordinary for each in all_detectors()}
    return {
        name: Shares(p_ordinary=share(header, content.detectors.get(name, Counts())))
        for name, header in headers.items()
    }


def over_shipped(given: Mapping[str, Shares]) -> Mapping[str, Shares]:
    """``given``, and where it says nothing of a share, the shipped one."""
    both = dict(shipped())
    for name, each in given.items():
        before = both.get(name, Shares())
        both[name] = Shares(each.p_implant or before.p_implant, each.p_ordinary or before.p_ordinary)
    return both


@dataclass(frozen=True)
class Settings:
    """How to weigh.

    ``shares`` stand in place of the headers' (by detector's id). ``prevalence`` False takes no share from the fleet:
    the baseline's alone. ``absence`` and ``dependence`` False leave out what silence says and what goes together; all
    three are there so that their worth can be measured.
    """

    prior_odds: float = PRIOR_ODDS
    baseline_programs: float = BASELINE_PROGRAMS
    shares: Mapping[str, Shares] = field(default_factory=shipped)
    prevalence: bool = True
    absence: bool = True
    dependence: bool = True


class SharesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of shares: what it was learned of, in words, and the shares by detector."""

    lodger_shares: int
    made_from: str
    detectors: dict[str, Shares]


def read_shares(path: Path) -> Mapping[str, Shares]:
    """The shares of a file that ``lodger lab calibrate`` wrote. Raises InputError."""
    return read_shares_file(path).detectors


def read_shares_file(path: Path) -> SharesFile:
    """A file that ``lodger lab calibrate`` wrote. Raises InputError."""
    try:
        return _parsed(path.read_bytes(), str(path))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or type(error).__name__}") from error


def written(shares: Mapping[str, Shares], made_from: str) -> bytes:
    """``shares`` as such a file; the same shares give the same bytes."""
    told = {name: _told(shares[name]) for name in sorted(shares)}
    text = msgspec.json.encode({"lodger_shares": FORMAT, "made_from": made_from, "detectors": told})
    return msgspec.json.format(text, indent=2) + b"\n"


def _told(shares: Shares) -> dict[str, float]:
    pairs = (("p_implant", shares.p_implant), ("p_ordinary", shares.p_ordinary))
    return {name: round(value, 6) for name, value in pairs if value is not None}


def _parsed(data: bytes, name: str) -> SharesFile:
    try:
        found = msgspec.json.decode(data, type=SharesFile)
    except msgspec.DecodeError as error:
        raise InputError(
            f"{name} is no file of shares: {error}", advice="make one with `lodger lab calibrate`"
        ) from error
    if found.lodger_shares != FORMAT:
        raise InputError(f"{name} is of version {found.lodger_shares}; this Lodger takes version {FORMAT}")
    for detector, each in found.detectors.items():
        if not all(value is None or 0 < value < 1 for value in (each.p_implant, each.p_ordinary)):
            raise InputError(f"{name}: the shares of {detector} do not lie strictly between 0 and 1")
    return found
