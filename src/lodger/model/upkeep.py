"""What is told of a lake as a whole, and of work on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class TableInfo:
    """One table of the lake: ``bytes`` as it lies on disk; ``first`` and ``last`` record and ``days`` with records are
    None where the table has no time of its own (or no rows).
    """

    table: str
    rows: int
    bytes: int
    files: int
    days: int | None
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Span:
    """UTC days from ``first`` to ``last``, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class SensorInfo:
    """When one sensor spoke: ``host`` is None for a sensor on the network. ``days`` counts those with records;
    ``missing`` are those without, between the first and the last with one (of a host: with one of any of its sensors):
    a quiet day and a dead sensor look alike.
    """

    host: str | None
    sensor: str
    records: int
    first: datetime
    last: datetime
    days: int
    missing: tuple[Span, ...]


@dataclass(frozen=True)
class HostInfo:
    """One host over all its own sensors, in the words of :class:`SensorInfo`."""

    host: str
    records: int
    first: datetime
    last: datetime
    days: int
    missing: tuple[Span, ...]


@dataclass(frozen=True)
class Unseen:
    """A kind of record that never came from a host, and what that means for every answer about it."""

    host: str
    need: str
    sources: str
    means: str


@dataclass(frozen=True)
class SensingChange:
    """Records by which a host's sensor says that what it sees has changed: a log cleared, a policy or settings changed.
    ``event`` is the sensor's id or type; ``first`` and ``last`` are UTC.
    """

    host: str
    sensor: str
    event: str
    records: int
    first: datetime
    last: datetime
    means: str


@dataclass(frozen=True)
class LakeInfo:
    """Everything that ``lodger lake info`` tells. ``notes`` are of the last analysis: clocks that differ, and what is
    many behind one.
    """

    tables: tuple[TableInfo, ...]
    hosts: tuple[HostInfo, ...]
    sensors: tuple[SensorInfo, ...]
    unseen: tuple[Unseen, ...]
    changes: tuple[SensingChange, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What upkeep did, or would do, to one table: the files concerned and what stands in their place, their rows and
    bytes, and their days (None for a table without days).
    """

    table: str
    days: int
    first: date | None
    last: date | None
    files: int
    files_after: int
    rows: int
    bytes: int
