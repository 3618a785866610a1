"""Records of forensic collections as rows of ``artifact``, whatever tool wrote them.

A record of a known kind has columns for what is asked of it; everything else goes to ``other`` under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from lodger.model.telemetry import Aside, Batch, SourceFile
from lodger.telemetry import times
from lodger.telemetry.json_records import Object, Record
from lodger.telemetry.reader import RAW
from lodger.telemetry.rows import Rows
from lodger.telemetry.windows import flat

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DATE: Final = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
#: Numbers too large to be seconds: from where on, and how many of them make one; and what is no time in any unit.
_FAR: Final = 10**20
_UNITS: Final = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))

#: Where a record of an unknown kind may say when, best first.
TIMES: Final = (
    "Timestamp", "timestamp", "EventTime", "event_time", "TimeCreated", "time", "ts", "_ts", "LastModified",
    "LastWriteTime", "ModTime", "Mtime", "mtime", "Modified", "Created", "CreatedTime", "CreationTime", "Ctime",
    "Btime",
)  # fmt: skip

_COLLECTOR: Final = re.compile(
    r"(?:^|[/\\!])Collection-(?P<host>[^/\\!]+?)-(?P<when>\d{4}-\d\d-\d\dT\d\d_\d\d_\d\d)(?:_?[Zz])?[^/\\!]*[/\\!]"
)
_EXPORT: Final = re.compile(r"(?:^|[/\\!])(?P<host>[^/\\!]+?)-C\.[0-9a-f]{8,32}-F\.\w+[^/\\!]*[/\\!]")
_STAMPED: Final = re.compile(r"(?:^|[/\\!])(?P<when>\d{14})_\w+[^/\\!]*$")
_INSIDE: Final = re.compile(r"(?<![^/\\!])(?:results[/\\])?[^/\\!]*$")


class Collection(NamedTuple):
    """What a file's name says of the collection that it belongs to: its path, the host, and when it was made (in
    microseconds).
    """

    root: str
    host: str | None
    micros: int | None


def collection(name: str) -> Collection:
    """The collection that the file called ``name`` belongs to.

    Velociraptor's collector calls its archive ``Collection-HOST-TIME.zip``, with what is no letter, digit or hyphen in
    the host's name as ``_``; its server ``HOST-C.CLIENT-F.FLOW.zip``; the KAPE tools begin a file's name with the time.
    """
    root = _INSIDE.sub("", name)
    made, exported, stamped = _COLLECTOR.search(name), _EXPORT.search(name), _STAMPED.search(name)
    if made is not None:
        return Collection(root, made["host"].replace("_", "."), times.iso(made["when"].replace("_", ":")))
    if exported is not None:
        return Collection(root, exported["host"], None)
    return Collection(root, None, times.iso(stamped["when"][:8] + "T" + stamped["when"][8:]) if stamped else None)


def moment(value: object) -> int | None:
    """Microseconds of a time as any of the tools writes it; of several, the latest; None where it is none.

    Times that nobody set (before 1970-01-01T00:00:01, or behind 2100) are none.
    """
    if isinstance(value, list):
        return max((found for each in value[:1000] if (found := _moment(each)) is not None), default=None)
    return _moment(value)


def _moment(value: object) -> int | None:
    micros: int | None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _FAR:
        per = next((unit for least, unit in _UNITS if value >= least), 1)
        micros = times.epoch(value) if per == 1 else int(value) * 1_000_000 // per
    elif isinstance(value, str):
        date = _DATE.fullmatch(value)
        micros = int(date[1]) * 1000 if date else times.moment(value)
    else:
        return None
    return micros if micros is not None and times.SANE_FROM <= micros < times.SANE_TO else None


def written(micros: int) -> str:
    """Microseconds as ISO 8601 in UTC."""
    return (_EPOCH + timedelta(microseconds=micros)).replace(tzinfo=None).isoformat(timespec="microseconds")


def runs(values: Iterable[object]) -> list[str]:
    """The times among ``values``, as ISO 8601."""
    return [written(micros) for value in values if (micros := moment(value)) is not None]


@dataclass(frozen=True)
class Kind:
    """What is known of one kind of record.

    ``signs`` are fields that all its records have; ``columns`` the columns for its fields, by name in lower case with
    dots for nesting; ``more`` makes further columns out of the whole record.
    """

    artifact: str
    kind: str | None
    signs: tuple[str, ...]
    times: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    more: Callable[[Object], Object] | None = None


def known(kinds: Sequence[Kind], record: Object) -> Kind | None:
    """The first kind that a record has all the signs of."""
    names = record.keys()
    return next((kind for kind in kinds if all(sign in names for sign in kind.signs)), None)


class _Field(str):
    """A field's name that knows its column."""

    __slots__ = ("column",)
    column: str

    @classmethod
    def of(cls, column: str) -> _Field:
        made = cls(column)
        made.column = column
        return made


_FIELDS: dict[str, _Field] = {}


def _field(column: str) -> _Field:
    return _FIELDS.setdefault(column, _Field.of(column))


class ArtifactRows:
    """Collects records into batches and puts aside those without any time."""

    def __init__(self, source: SourceFile, tool: str) -> None:
        self._tool = tool
        self._collection = collection(source.name)
        self._rows = Rows("artifact", source.fingerprint, lambda name: getattr(name, "column", None))

    def add(self, record: Record, kind: Kind, artifact: str, host: object) -> Iterable[Aside | Batch]:
        """Take one record of ``artifact``, which names ``host`` as its own."""
        number, value, raw = record
        fields = dict(flat("", value))
        found = self._time(fields, kind)
        if found is None:
            return (Aside(number, "no time, and none in the name of its collection", raw[:RAW]),)
        micros, name = found
        lead: Object = {
            "tool": self._tool, "artifact": artifact, "kind": kind.kind, "time_source": name,
            "hostname": host if isinstance(host, str) and host else None, "collection": self._collection.root,
            "collection_host": self._collection.host,
        }  # fmt: skip
        lead |= kind.more(value) if kind.more is not None else {}
        names: list[str] = [_field(column) for column in lead]
        names += [_field(kind.columns[low]) if (low := each.lower()) in kind.columns else each for each in fields]
        values = list(map(_cell, names, [*lead.values(), *fields.values()]))
        self._rows.add(number, micros, tuple(names), values, len(raw))
        return self._rows.take() if self._rows.full() else ()

    def _time(self, fields: Object, kind: Kind) -> tuple[int, str] | None:
        for name in kind.times or (TIMES if kind.kind is None else ()):
            micros = moment(fields.get(name))
            if micros is not None:
                return micros, name
        made = self._collection.micros
        return None if made is None else (made, "collection")

    def rest(self) -> Iterator[Batch]:
        """What is left at the end of the file."""
        return self._rows.take()


_TIME_COLUMNS: Final = frozenset({"created", "created_name", "modified"})


def _cell(name: str, value: Any) -> Any:
    """The value as its column takes it: times in any of the tools' forms."""
    if isinstance(name, _Field) and name in _TIME_COLUMNS:
        micros = moment(value)
        return value if micros is None else written(micros)
    return value
