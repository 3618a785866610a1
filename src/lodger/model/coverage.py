"""What could not be seen of a fleet: host by host and sensor by sensor, worst first, in a bounded number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lodger.model.upkeep import SensingChange


@dataclass(frozen=True)
class Need:
    """A kind of record that never came from ``hosts`` of the hosts that were heard: the events that would have told
    (``sources``), and what their absence means.
    """

    need: str
    sources: str
    means: str
    hosts: int


@dataclass(frozen=True)
class SensorCoverage:
    """What one sensor of a host said: ``days`` with records; ``silent`` days on which the host was heard, but not by
    this sensor; ``spoke`` counts the days with records in each cell of the axis.
    """

    sensor: str
    records: int
    first: datetime
    last: datetime
    days: int
    silent: int
    spoke: tuple[int, ...]


@dataclass(frozen=True)
class HostCoverage:
    """One host (None: the sensors on the network). ``heard`` counts, in each cell of the axis, the days on which any of
    its sensors spoke; ``never`` names the needs that none of them met. What is not listed is counted.
    """

    host: str | None
    days: int
    heard: tuple[int, ...]
    sensors: tuple[SensorCoverage, ...]
    more_sensors: int
    never: tuple[str, ...]
    changes: tuple[SensingChange, ...]
    more_changes: int


@dataclass(frozen=True)
class Coverage:
    """The fleet: hosts with a cleared log first, then those of which the fewest kinds of record came.

    The axis runs from ``first`` to ``last`` (UTC days; None where there are no records) in cells of ``cell_days`` days.
    ``heard`` counts the hosts with sensors of their own; ``network_only`` names some of those without.
    """

    first: date | None
    last: date | None
    cell_days: int
    heard: int
    needs: tuple[Need, ...]
    hosts: tuple[HostCoverage, ...]
    more_hosts: int
    network_only: tuple[str, ...]
    more_network_only: int
