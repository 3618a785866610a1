"""Windows events that come again in another file, and are counted once.

A Windows log is a ring whose header and chunks change in place, and its events are exported, forwarded, archived and
backed up: two collections of one host hold mostly the same events in files that share no byte. The log numbers its
events itself, so an event is known again by computer, channel, record number, event id and time, whatever file it
comes in (a log that is cleared may number anew: therefore the time).

Nothing is kept for this beside the events themselves, so that there is nothing which a killed run, an upkeep or a lost
file could put in disorder. Each day's record numbers are read once per ingest, as spans per log; only events that
fall into a span are looked up, among the events of their days and among what waits to be committed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lodger.lake.files import LiveFile
from lodger.lake.growth import Retake
from lodger.lake.tables import Lake
from lodger.model.tables import OTHER, TIME

#: The table whose rows are compared.
TABLE: Final = "windows_event"

_NUMBERED: Final = ["Computer", "Channel", "EventRecordID"]
_COMPARED: Final = ["source", "record", "time", "Computer", "Channel", "EventID", "EventRecordID"]
_SECOND: Final = 1_000_000
_SPANS: Final = 64  # of one log on one day; more become one
_ALIKE: Final = 16  # events with all but the part of the second in common that one is compared with
_EPOCH: Final = date(1970, 1, 1)

#: A log: the first label of the computer's name, and the channel, both in lower case.
Log = tuple[str, str]
Span = tuple[int, int]
_Integers = npt.NDArray[np.int64]
_Key = tuple[str, str, int, int | None, int]  # log, record number, event id, second


class _Event(NamedTuple):
    """What tells events apart that agree in their :data:`_Key`, and where the event lies."""

    computer: str
    micros: int
    source: str
    record: int


class _Numbered(NamedTuple):
    """The rows of a batch whose events are numbered: their places in the batch, logs and numbers."""

    at: _Integers
    log: _Integers  # index into ``logs``
    logs: list[Log]
    number: _Integers


class Repeats:
    """The events that the lake has, and those that wait for their commit in this ingest."""

    def __init__(self, lake: Lake) -> None:
        self._lake = lake
        self._spans: dict[int, dict[Log, list[Span]]] = {}
        self._own: tuple[str, dict[tuple[int, Log], list[Span]]] = ("", {})
        self._waiting: list[pa.RecordBatch] = []
        self._files: dict[int, list[LiveFile]] | None = None

    def fresh(self, data: pa.RecordBatch, half: Retake | None = None) -> pa.RecordBatch:
        """The rows of ``data``, of ``windows_event``, that were not there before, which counts from now on as there.

        The lake's rows of the same file do not count, which a run that was cut off left there; nor does what ``half``
        names: it will go.
        """
        events = _numbered(data)
        if not len(events.at):
            return data
        self._turn_to(data["source"][0].as_py())
        days = data["day"].cast(pa.int32()).to_numpy().astype(np.int64)[events.at]
        met = self._met(events, days)
        again = _copies(data, events)
        if met.any():
            rows = events.at[met]
            again |= _repeated(data, rows, self._pools(data, rows, set(days[met].tolist())), half)
        if again:
            data = data.take(pa.array(np.setdiff1d(np.arange(data.num_rows), list(again))))
        if data.num_rows:
            self._waiting.append(data.select(_COMPARED))
        return data

    def committed(self) -> None:
        """What waited is in the lake now."""
        self._waiting, self._files = [], None

    def _turn_to(self, source: str) -> None:
        """The spans of the file before this one are others' spans from now on."""
        if source != self._own[0]:
            for (day, log), spans in self._own[1].items():
                for first, last in spans:
                    _add(self._of_day(day).setdefault(log, []), first, last)
            self._own = (source, defaultdict(list))

    def _met(self, events: _Numbered, days: _Integers) -> npt.NDArray[np.bool_]:
        """Which events fall into a span of another file; their own spans are noted."""
        places, inverse = np.unique(days * len(events.logs) + events.log, return_inverse=True)
        low = np.full(len(places), np.iinfo(np.int64).max)
        high = np.zeros(len(places), dtype=np.int64)
        np.minimum.at(low, inverse, events.number)
        np.maximum.at(high, inverse, events.number)
        met = np.zeros(len(places), dtype=np.bool_)
        for i, (place, first, last) in enumerate(zip(places.tolist(), low.tolist(), high.tolist(), strict=True)):
            day, log = divmod(place, len(events.logs))
            spans = self._of_day(day).get(events.logs[log], [])
            met[i] = any(first <= end and start <= last for start, end in spans)
            _add(self._own[1][day, events.logs[log]], first, last)
        return met[inverse]

    def _of_day(self, day: int) -> dict[Log, list[Span]]:
        if day not in self._spans:
            spans = self._spans[day] = defaultdict(list)
            files = self._live().get(day, [])
            for batch in self._lake.scan(TABLE, files, _NUMBERED, ds.field("EventRecordID") > 0):
                for log, first, last in _extents(_numbered(batch)):
                    _add(spans[log], first, last)
        return self._spans[day]

    def _live(self) -> dict[int, list[LiveFile]]:
        if self._files is None:
            self._files = defaultdict(list)
            for file in self._lake.live(TABLE):
                if file.day is not None:
                    self._files[(file.day - _EPOCH).days].append(file)
        return self._files

    def _pools(self, data: pa.RecordBatch, rows: _Integers, days: set[int]) -> Iterator[pa.RecordBatch]:
        """All rows that may hold one of the events at ``rows`` of ``data``, and more."""
        yield from self._waiting
        files = [file for day in sorted(days) for file in self._live().get(day, [])]
        chosen = data.select(["EventRecordID", "time"]).take(pa.array(rows))
        number = pc.min_max(chosen["EventRecordID"]).as_py()
        time = pc.min_max(chosen["time"].cast(pa.int64())).as_py()
        condition = (ds.field("EventRecordID") >= number["min"]) & (ds.field("EventRecordID") <= number["max"])
        condition &= ds.field("time") > pa.scalar(time["min"] - _SECOND, TIME)
        condition &= ds.field("time") < pa.scalar(time["max"] + _SECOND, TIME)
        yield from self._lake.scan(TABLE, files, _COMPARED, condition)


def _numbered(data: pa.RecordBatch) -> _Numbered:
    number: _Integers = data["EventRecordID"].fill_null(0).to_numpy(zero_copy_only=False)
    if not number.any():
        return _Numbered(number[:0], number[:0], [], number[:0])
    computer, computers = _encoded(data["Computer"])
    channel, channels = _encoded(data["Channel"])
    codes, inverse = np.unique(computer * (len(channels) + 1) + channel, return_inverse=True)
    names: dict[Log, int] = {}
    log = [
        names.setdefault(_log(computers[code // (len(channels) + 1)], channels[code % (len(channels) + 1)]), len(names))
        for code in codes.tolist()
    ]
    at = np.flatnonzero((number > 0) & (computer < len(computers) - 1))
    return _Numbered(at, np.array(log, dtype=np.int64)[inverse][at], list(names), number[at])


def _encoded(values: pa.Array) -> tuple[_Integers, list[str]]:
    """Each value's place among the distinct ones; the last place is that of null."""
    encoded = values.dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    codes = encoded.indices.fill_null(len(distinct)).to_numpy(zero_copy_only=False)
    return codes.astype(np.int64), [*distinct, ""]


def _log(computer: str, channel: str) -> Log:
    return computer.partition(".")[0].lower(), channel.lower()


def _extents(events: _Numbered) -> Iterator[tuple[Log, int, int]]:
    """Each log's lowest and highest number."""
    for index in np.unique(events.log).tolist():
        numbers = events.number[events.log == index]
        yield events.logs[index], int(numbers.min()), int(numbers.max())


def _add(spans: list[Span], first: int, last: int) -> None:
    """One more span; those that touch become one, and too many as well."""
    touching = [span for span in spans if span[0] <= last + 1 and first <= span[1] + 1]
    if len(spans) - len(touching) >= _SPANS:
        touching = list(spans)
    spans[:] = [span for span in spans if span not in touching]
    spans.append((min([first, *(start for start, _ in touching)]), max([last, *(end for _, end in touching)])))


def _copies(data: pa.RecordBatch, events: _Numbered) -> set[int]:
    """The rows that say word for word what another before them says, of those that share log and number with it.

    Senders that wait for an answer in vain send again. Other events of one number in one file are no repetition: what
    their exporter calls a number is none.
    """
    order = np.lexsort((events.number, events.log))
    same = (np.diff(events.log[order]) == 0) & (np.diff(events.number[order]) == 0)
    if not same.any():
        return set()
    rows = np.sort(events.at[np.union1d(order[1:][same], order[:-1][same])])
    words = data.take(pa.array(rows)).drop_columns(["source", "record"])
    alike = np.zeros(len(rows), dtype=np.int64)
    for column in words.columns:
        if column.null_count < len(rows):
            codes, distinct = _encoded(column if column.type != OTHER else pa.array(map(str, column.to_pylist())))
            _, alike = np.unique(alike * len(distinct) + codes, return_inverse=True)
    _, firsts = np.unique(alike, return_index=True)
    return set(np.delete(rows, firsts).tolist())


def _repeated(data: pa.RecordBatch, rows: _Integers, pools: Iterator[pa.RecordBatch], half: Retake | None) -> set[int]:
    """Those of ``rows`` whose events are in one of the pools, from another file."""
    told = dict(zip(rows.tolist(), _told(data.select(_COMPARED).take(pa.array(rows))), strict=True))
    known: dict[_Key, list[_Event]] = {key: [] for key, _ in told.values()}
    wanted = np.unique(data["EventRecordID"].take(pa.array(rows)).to_numpy())
    source = data["source"][0].as_py()
    for pool in pools:
        number = pool["EventRecordID"].fill_null(0).to_numpy(zero_copy_only=False)
        for key, event in _told(pool.take(pa.array(np.flatnonzero(np.isin(number, wanted))))):
            alike = known.get(key)
            if alike is not None and len(alike) < _ALIKE and event.source != source and not _goes(event, half):
                alike.append(event)
    return {row for row, (key, event) in told.items() if any(_same(event, other) for other in known[key])}


def _told(data: pa.RecordBatch) -> Iterator[tuple[_Key, _Event]]:
    micros = data["time"].cast(pa.int64()).to_pylist()
    columns = [
        data[name].to_pylist() for name in ("Computer", "Channel", "EventRecordID", "EventID", "source", "record")
    ]
    for time, computer, channel, number, kind, source, record in zip(micros, *columns, strict=True):
        log = _log(computer or "", channel or "")
        yield (*log, number, kind, time // _SECOND), _Event((computer or "").lower(), time, source, record)


def _goes(event: _Event, half: Retake | None) -> bool:
    return half is not None and (event.source, event.record) == (half.source, half.record)


def _same(event: _Event, other: _Event) -> bool:
    """Whether ``other``, with the same :data:`_Key`, is the same event.

    Exporters cut the time to milliseconds or seconds, and some leave out the computer's domain.
    """
    names = event.computer == other.computer or "." not in event.computer or "." not in other.computer
    return names and any(
        event.micros // unit == other.micros // unit
        and (unit == 1 or not event.micros % unit or not other.micros % unit)
        for unit in (1, 1000, _SECOND)
    )
