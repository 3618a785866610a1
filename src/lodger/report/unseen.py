"""What the page shows of that which could not be seen: strips of days, and what never came, in lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from lodger.model.coverage import Coverage, HostCoverage, SensorCoverage

State = Literal["spoke", "part", "silent", "away"]

#: Height of a strip, in the units of its drawing; a cell is one unit wide.
HEIGHT: Final = 10


@dataclass(frozen=True)
class Strip:
    """A sensor's days from the first to the last of the axis: for each state that is drawn, the outline of its cells as
    an SVG path. Days on which nothing was heard of the host are not drawn.
    """

    width: int
    paths: tuple[tuple[State, str], ...]


@dataclass(frozen=True)
class Sensor:
    """A sensor's row."""

    said: SensorCoverage
    strip: Strip


@dataclass(frozen=True)
class Host:
    """A host's rows, below one line for the host."""

    told: HostCoverage
    sensors: tuple[Sensor, ...]


@dataclass(frozen=True)
class Unseen:
    """The section: the fleet's part as the model has it, and the hosts with their strips."""

    coverage: Coverage
    hosts: tuple[Host, ...]


def unseen(coverage: Coverage) -> Unseen:
    """The section for ``coverage``."""
    return Unseen(coverage, tuple(_host(each) for each in coverage.hosts))


def _host(told: HostCoverage) -> Host:
    return Host(told, tuple(Sensor(each, _strip(each.spoke, told.heard)) for each in told.sensors))


def _strip(spoke: Sequence[int], heard: Sequence[int]) -> Strip:
    states = [_state(*days) for days in zip(spoke or [0] * len(heard), heard, strict=True)]
    outlines: dict[State, list[str]] = {"spoke": [], "part": [], "silent": []}
    at = 0
    for state, cells in groupby(states):
        length = len(list(cells))
        if state != "away":
            outlines[state].append(f"M{at} 0h{length}v{HEIGHT}h-{length}z")
        at += length
    return Strip(len(states), tuple((state, "".join(drawn)) for state, drawn in outlines.items() if drawn))


def _state(spoke: int, heard: int) -> State:
    if not heard:
        return "away"
    return "spoke" if spoke >= heard else "part" if spoke else "silent"
