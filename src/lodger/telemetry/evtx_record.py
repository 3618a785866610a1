"""A record as the EVTX parser writes it: JSON in which nearly every event's header has the same few fields.

Those are decoded into their places at once, in half the time of :func:`lodger.telemetry.windows.event`, which takes all
records that hold anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from lodger.model.telemetry import Aside, Batch
from lodger.telemetry import windows
from lodger.telemetry.json_records import decoded
from lodger.telemetry.reader import RAW
from lodger.telemetry.rows import Head
from lodger.telemetry.values import LONGEST
from lodger.telemetry.windows import HEADER, WindowsRows, event_data


class _Part(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """A part of the header whose fields are all known."""


class _ProviderNames(_Part):
    Name: str | None = None
    Guid: str | None = None
    EventSourceName: str | None = None


class _Provider(_Part):
    attributes: _ProviderNames = msgspec.field(name="#attributes")


class _Qualifiers(_Part):
    Qualifiers: int


class _QualifiedID(_Part):
    number: int = msgspec.field(name="#text")
    attributes: _Qualifiers = msgspec.field(name="#attributes")


class _Moment(_Part):
    SystemTime: str


class _TimeCreated(_Part):
    attributes: _Moment = msgspec.field(name="#attributes")


class _Activities(_Part):
    ActivityID: str | None = None
    RelatedActivityID: str | None = None


class _Correlation(_Part):
    attributes: _Activities = msgspec.field(name="#attributes")


class _Processes(_Part):
    ProcessID: int | None = None
    ThreadID: int | None = None
    ProcessorID: int | None = None
    KernelTime: int | None = None
    UserTime: int | None = None


class _Execution(_Part):
    attributes: _Processes = msgspec.field(name="#attributes")


class _User(_Part):
    UserID: str | None = None


class _Security(_Part):
    attributes: _User = msgspec.field(name="#attributes")


class _System(_Part):
    Provider: _Provider
    EventID: int | _QualifiedID
    TimeCreated: _TimeCreated
    Version: int | None = None
    Level: int | None = None
    Task: int | None = None
    Opcode: int | None = None
    Keywords: str | None = None
    EventRecordID: int | None = None
    Correlation: _Correlation | None = None
    Execution: _Execution | None = None
    Channel: str | None = None
    Computer: str | None = None
    Security: _Security | None = None


class _Event(_Part):
    System: _System
    attributes: Any = msgspec.field(name="#attributes", default=None)
    EventData: dict[str, str | int | float | bool | None] | None = None
    UserData: Any = None


class _Record(_Part):
    Event: _Event


class _Described(_Part):
    """An event whose fields are not flat."""

    System: _System
    attributes: Any = msgspec.field(name="#attributes", default=None)
    EventData: Any = None
    UserData: Any = None


class _DescribedRecord(_Part):
    Event: _Described


_decode: Final = msgspec.json.Decoder(_Record).decode
_decode_described: Final = msgspec.json.Decoder(_DescribedRecord).decode
_FAULTS: Final = (msgspec.DecodeError, UnicodeError, RecursionError)
_NO_ACTIVITIES: Final = _Correlation(_Activities())
_NO_PROCESSES: Final = _Execution(_Processes())
_NO_USER: Final = _Security(_User())


def add(rows: WindowsRows, number: int, content: str) -> Iterable[Aside | Batch]:
    """Take the record, of that number, into ``rows``, which were begun with :data:`HEAD`."""
    event: _Event | _Described
    try:
        event = _decode(content).Event
    except _FAULTS:
        try:
            event = _decode_described(content).Event
        except _FAULTS:
            return _slowly(rows, number, content)
    fields: Mapping[str, object] | None = event.EventData
    if fields is None or event.UserData is not None or isinstance(event, _Described):
        fields = _fields(event)
    if fields is None or "Data" in fields or len(content) > LONGEST // 4:  # a character takes four bytes at most
        return _slowly(rows, number, content)
    return rows.add_headed(number, event.System.TimeCreated.attributes.SystemTime, event.System, fields, content)


def _fields(event: _Event | _Described) -> dict[str, Any] | None:
    """The event's fields; None where two have one name."""
    pairs = [*event_data(event.EventData), *event_data(event.UserData)]
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else None


def _slowly(rows: WindowsRows, number: int, content: str) -> Iterable[Aside | Batch]:
    raw = content.encode()
    value = decoded(raw, unique=True)
    inner = value.get("Event") if isinstance(value, dict) else None
    if isinstance(inner, dict):
        return rows.add(number, windows.event(inner), raw)
    return (Aside(number, value if isinstance(value, str) else "no event in the record", raw[:RAW]),)


def _header(systems: list[_System]) -> Sequence[Sequence[object]]:
    codes = [system.EventID for system in systems]
    providers = [system.Provider.attributes for system in systems]
    activities = [(system.Correlation or _NO_ACTIVITIES).attributes for system in systems]
    processes = [(system.Execution or _NO_PROCESSES).attributes for system in systems]
    return (
        [system.Computer for system in systems],
        [system.Channel for system in systems],
        [provider.Name for provider in providers],
        [code if isinstance(code, int) else code.number for code in codes],
        [system.EventRecordID for system in systems],
        [system.Level for system in systems],
        [provider.Guid for provider in providers],
        [provider.EventSourceName for provider in providers],
        [None if isinstance(code, int) else code.attributes.Qualifiers for code in codes],
        [system.Version for system in systems],
        [system.Task for system in systems],
        [system.Opcode for system in systems],
        [system.Keywords for system in systems],
        [activity.ActivityID for activity in activities],
        [activity.RelatedActivityID for activity in activities],
        [process.ProcessID for process in processes],
        [process.ThreadID for process in processes],
        [process.ProcessorID for process in processes],
        [process.KernelTime for process in processes],
        [process.UserTime for process in processes],
        [(system.Security or _NO_USER).attributes.UserID for system in systems],
    )


#: The header of a record, as rows take it.
HEAD: Final = Head(
    (
        *HEADER,
        "Provider.Guid", "Provider.EventSourceName", "EventID.Qualifiers", "System.Version", "System.Task",
        "System.Opcode", "System.Keywords", "Correlation.ActivityID", "Correlation.RelatedActivityID",
        "Execution.ProcessID", "Execution.ThreadID", "Execution.ProcessorID", "Execution.KernelTime",
        "Execution.UserTime", "Security.UserID",
    ),
    _header,
)  # fmt: skip
