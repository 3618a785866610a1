"""Windows events, however they were exported, as rows of ``windows_event``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from lodger.model.tables import WINDOWS_EVENT
from lodger.model.telemetry import Aside, Batch
from lodger.telemetry import times
from lodger.telemetry.reader import RAW
from lodger.telemetry.rows import Head, Rows

#: Header fields that exporters call differently from Windows itself, in lower case.
ALIASES: Final = {
    "hostname": "Computer",
    "computername": "Computer",
    "computer_name": "Computer",
    "sourcename": "Provider",
    "providername": "Provider",
    "provider_name": "Provider",
    "logname": "Channel",
    "log_name": "Channel",
    "event_id": "EventID",
    "recordnumber": "EventRecordID",
    "record_number": "EventRecordID",
    "provider.guid": "ProviderGuid",
    "system.version": "Version",
    "system.task": "Task",
    "system.opcode": "Opcode",
    "system.keywords": "Keywords",
    "correlation.activityid": "ActivityID",
    "execution.processid": "ExecutionProcessID",
    "execution.threadid": "ExecutionThreadID",
    "security.userid": "UserID",
}
_COLUMNS: Final = {name.lower(): name for name in WINDOWS_EVENT.names} | ALIASES

#: The header of a nested event, in the order of :class:`WindowsEvent` values; ``System`` fields without a column keep
#: their path, because EventData uses many of the same names for other things.
HEADER: Final = ("Computer", "Channel", "Provider", "EventID", "EventRecordID", "Level")


def column(name: str) -> str | None:
    """The column of ``windows_event`` for a field's name as any exporter spells it."""
    return _COLUMNS.get(name.lower())


class Event(NamedTuple):
    """An event as its exporter wrote it: header time, id (also among ``values``), field names and their values."""

    when: object
    number: object
    names: tuple[str, ...]
    values: Sequence[object]


class WindowsRows:
    """Collects events into batches and puts aside those without an id or a usable time."""

    def __init__(self, source: str, head: Head | None = None) -> None:
        self._rows = Rows("windows_event", source, column, head)

    def add(self, record: int, event: Event, raw: bytes) -> Iterable[Aside | Batch]:
        """Take one event; ``raw`` is the record as it is in the file."""
        when, number, names, values = event
        micros = times.iso(when) if type(when) is str else times.moment(when)
        reason = times.why_not(when, micros) if number is not None else "no event id"
        if reason is not None or micros is None:
            return (Aside(record, reason or "no time", raw[:RAW]),)
        self._rows.add(record, micros, names, values, len(raw))
        return self._rows.take() if self._rows.full() else ()

    def add_headed(
        self, record: int, when: str, head: object, fields: Mapping[str, object], raw: str
    ) -> Iterable[Aside | Batch]:
        """Take one event with an id whose header is a head, of no more than ``LONGEST`` bytes."""
        micros = times.iso(when)
        if micros is None or not times.SANE_FROM <= micros < times.SANE_TO:
            return (Aside(record, times.why_not(when, micros) or "no time", raw.encode()[:RAW]),)
        return self._rows.take() if self._rows.add_headed(record, micros, head, fields, len(raw)) else ()

    def rest(self) -> Iterator[Batch]:
        """What is left at the end of the file."""
        return self._rows.take()


def flat(prefix: str, value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The leaves of nested objects with dotted names; lists, and what lies deeper than eight levels, stay whole."""
    if isinstance(value, dict) and depth < 8:
        for name, inner in value.items():
            path = f"{prefix}.{name}" if prefix else name
            if type(inner) in _SIMPLE:  # most are: no call for each
                if inner is not None:
                    yield path, inner
            else:
                yield from flat(path, inner, depth + 1)
    elif value is not None and value != {}:
        yield prefix, value


def event_data(data: Any) -> Iterator[tuple[str, Any]]:
    """The fields of ``EventData`` or ``UserData``, however deep the exporter put them.

    Values without a name are called ``param1``, ``param2``, ... as Windows' own viewers number them. An element that
    only wraps others (``UserData`` always has one: ``EventXML``, ``LogFileCleared``) is left out.
    """
    if isinstance(data, dict):
        inner = [name for name in data if name not in ("#attributes", "xmlns")]
        if (
            len(inner) == 1
            and isinstance(data[inner[0]], dict)
            and "#text" not in data[inner[0]]
            and inner[0] != "Data"
        ):
            yield from event_data(data[inner[0]])
            return
        for name in inner:
            value = data[name]
            if type(value) in _SIMPLE and name not in _UNNAMED:  # most are: no call for each
                if value is not None:
                    yield name, value
            else:
                yield from _field(name, value)
        if data.get("#attributes"):
            yield from flat("EventData", data["#attributes"])
    elif data is not None:
        yield from _field("Data", data)


def _field(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and "#text" in value:
        attributes = value.get("#attributes")
        if isinstance(attributes, dict) and name == "Data" and isinstance(attributes.get("Name"), str):
            name = attributes["Name"]
        elif attributes:
            yield from flat(name, attributes)
        value = value["#text"]
    if name in _UNNAMED and not isinstance(value, dict):
        for number, item in enumerate(value if isinstance(value, list) else [value], 1):
            yield from _numbered(number, item)
    else:
        yield from flat(name, value)


def _numbered(number: int, item: Any) -> Iterator[tuple[str, Any]]:
    """One unnamed ``Data`` of several; where an exporter kept its Name as an attribute, that."""
    if isinstance(item, dict):
        attributes = item.get("#attributes") or {}
        name = (
            item.get("@Name") or item.get("Name") or (attributes.get("Name") if isinstance(attributes, dict) else None)
        )
        content = item.get("#text", item.get("Content"))
        if isinstance(name, str) and content is not None:
            yield name, content
            return
        yield from flat(f"param{number}", item)
    elif item is not None:
        yield f"param{number}", item


def event(value: dict[str, Any]) -> Event:
    """An event in the shape of its XML (``System`` beside ``EventData``), as ``evtx_dump`` writes it."""
    system = value.get("System")
    if not isinstance(system, dict):
        return Event(None, None, (), ())
    provider = _attributes(system.get("Provider"))
    created = _attributes(system.get("TimeCreated"))
    when = created.get("SystemTime", created.get("#text"))
    number = system.get("EventID")
    qualifiers = None
    if isinstance(number, dict):
        qualifiers = _attributes(number).get("Qualifiers")
        number = number.get("#text")
    names = list(HEADER)
    values: list[object] = [
        system.get("Computer"), system.get("Channel"), provider.get("Name"), number, system.get("EventRecordID"),
        system.get("Level"),
    ]  # fmt: skip
    _rest_of_header(system, provider, qualifiers, names, values)  # before the data, which uses some of the same names
    data = value.get("EventData")
    if type(data) is dict and is_flat(data):
        names += data
        values += data.values()
        parts: tuple[str, ...] = _PARTS[1:]
    else:
        parts = _PARTS
    for part in parts:
        if value.get(part) is not None:
            for name, item in event_data(value[part]):
                names.append(name)
                values.append(item)
    return Event(when, number, tuple(names), values)


def is_flat(data: dict[str, Any]) -> bool:
    """Whether ``EventData`` holds nothing but fields with their values."""
    return "Data" not in data and _SIMPLE.issuperset(map(type, data.values()))


_PARTS: Final = ("EventData", "UserData", "ProcessingErrorData", "RenderingInfo", "BinaryEventData", "DebugData")
_SIMPLE: Final = frozenset({str, int, float, bool, type(None)})
_UNNAMED: Final = ("Data", "#text")
_HEADED: Final = frozenset({"Provider", "EventID", "TimeCreated", "EventRecordID", "Level", "Channel", "Computer"})


def _rest_of_header(
    system: dict[str, Any], provider: dict[str, Any], qualifiers: object, names: list[str], values: list[object]
) -> None:
    for name, item in provider.items():
        if name != "Name":
            names.append(f"Provider.{name}")
            values.append(item)
    if qualifiers is not None:
        names.append("EventID.Qualifiers")
        values.append(qualifiers)
    for name, item in system.items():
        if name in _HEADED or item is None:
            continue
        if type(item) is dict:
            for inner, leaf in _attributes(item).items():
                names.append(f"{name}.{inner}")
                values.append(leaf)
        else:
            names.append(f"System.{name}")
            values.append(item)


def _attributes(element: Any) -> dict[str, Any]:
    """An XML element's attributes, set apart (``#attributes``) or not (``@Name``, ``Name``)."""
    if not isinstance(element, dict):
        return {} if element is None else {"Name": element, "SystemTime": element}
    inner = element.get("#attributes")
    if isinstance(inner, dict):
        return inner
    return {name.removeprefix("@"): item for name, item in element.items()}
