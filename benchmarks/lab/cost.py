"""What Lodger costs: one day more in a case of many, and a whole fleet from logs to cases.

`python -m benchmarks.daily` and `python -m benchmarks.scale` measure it and, with ``--keep``, put it beside the other
results: a file of JSON each, with the commit that measured it. Here it becomes bars, tables and a curve.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from scipy.stats import theilslopes

from benchmarks.lab.kept import Build

#: Minutes that 1,000 hosts over 60 days may take on two cores, and the memory of all processes, in GB.
MINUTES: Final = 30
MEMORY: Final = 8
#: The step that is all of what stands between logs and cases.
WHOLE: Final = "all three"
#: How much more a day may cost so many days later, as a share of the mean day.
SLOPE: Final = 0.10
SPAN: Final = 400


@dataclass(frozen=True)
class Day:
    """One day: its number from 0, records read, and seconds of processor.

    ``control`` are those of the first day of the series, taken again beside this one, on a copy of the case as it was
    then: what it costs more or less is the machine's doing.
    """

    number: int
    records: int
    ingest: float
    analysis: float
    control: float


@dataclass(frozen=True)
class Daily:
    """Days that were ingested and analysed on top of all before; of every so many days one was looked at."""

    build: Build
    hosts: int
    days: int
    every: int
    seed: int
    costs: tuple[Day, ...]

    def costs_of(self, part: str) -> list[float]:
        """Seconds of ``ingest``, ``analysis``, or ``both``, day by day, on a machine as quick as it was on average."""
        usual = statistics.fmean(day.control for day in self.costs)
        spent = {"ingest": lambda day: day.ingest, "analysis": lambda day: day.analysis}
        of: Callable[[Day], float] = spent.get(part, lambda day: day.ingest + day.analysis)
        return [of(day) * usual / day.control for day in self.costs]


@dataclass(frozen=True)
class Step:
    """One command: its name, seconds on the wall and of processor, the peak of its processes' memory in MB."""

    name: str
    seconds: float
    processor: float
    memory: float


@dataclass(frozen=True)
class Scale:
    """A fleet from logs to ranked cases."""

    build: Build
    hosts: int
    days: int
    seed: int
    events: int
    zeek_rows: int
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> float:
        """What 1,000 hosts over 60 days take on the wall, if all grows in proportion."""
        return self.larger * self._whole.seconds / 60

    @property
    def memory(self) -> float:
        """The peak of memory, in GB."""
        return self._whole.memory / 1024

    @property
    def _whole(self) -> Step:
        return next(step for step in self.steps if step.name == WHOLE)

    @property
    def larger(self) -> float:
        """How many times the host-days of this fleet 1,000 hosts over 60 days are."""
        return 60_000 / (self.hosts * self.days)


@dataclass(frozen=True)
class Slope:
    """How much more a day costs :data:`SPAN` days later, as a share of the mean day, and its interval of 95 %."""

    value: float
    low: float
    high: float


Kept = TypeVar("Kept", Daily, Scale)


def keep(cost: Daily | Scale, out: Path) -> None:
    """Put it beside the other results, in the place of what was there."""
    told = msgspec.json.format(msgspec.json.encode(cost), indent=1)
    _path(type(cost), out).write_bytes(told + b"\n")


def read(kind: type[Kept], out: Path) -> Kept | None:
    """What was kept of it, if it was."""
    path = _path(kind, out)
    return msgspec.json.decode(path.read_bytes(), type=kind) if path.exists() else None


def _path(kind: type[Daily | Scale], out: Path) -> Path:
    return out / f"cost-{kind.__name__.lower()}.json"


def slope(costs: Sequence[tuple[int, float]]) -> Slope:
    """Theil's and Sen's slope of ``costs`` by day, and Sen's interval of it (JASA 63, 1968), which few days that cost
    more for another reason do not move. Two days at least.
    """
    days, seconds = zip(*costs, strict=True)
    found = theilslopes(seconds, days, 0.95)
    mean = statistics.fmean(seconds)
    return Slope(*(float(SPAN * each / mean) for each in (found.slope, found.low_slope, found.high_slope)))


def slopes(daily: Daily) -> dict[str, Slope]:
    """Of ingest and analysis together, and of either."""
    days = [day.number for day in daily.costs]
    return {part: slope(list(zip(days, daily.costs_of(part), strict=True))) for part in ("both", "ingest", "analysis")}
