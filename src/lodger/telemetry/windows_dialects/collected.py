"""Windows events as forensic collectors write them as JSON: Velociraptor's ``Windows.EventLogs.*`` and EvtxECmd.

After Velociraptor's ``parse_evtx`` (the event's own nesting: ``System`` beside ``EventData``, with ``EventID.Value``)
and its artifacts that pick the header out of it; and after EvtxECmd's ``EventRecord``, whose ``Payload`` is the event
data as JSON text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lodger.telemetry.json_records import Object, decoded
from lodger.telemetry.windows import HEADER, Event, event_data, flat
from lodger.telemetry.windows import event as nested_event

_DATA: Final = ("EventData", "UserData")
_TIMES: Final = ("TimeCreated", "EventTime", "_EventTime", "Timestamp", "_ts")
_NAMES: Final = (*HEADER, "Message")
#: EvtxECmd's names for the levels (winmeta.xml).
_LEVELS: Final = {"LogAlways": 0, "Critical": 1, "Error": 2, "Warning": 3, "Info": 4, "Verbose": 5}
#: EvtxECmd's names for header fields, and how they are called where the event's own header is read: the process that
#: wrote the event is not the process that it is about.
_ECMD_HEADER: Final = {
    "ProcessId": "Execution.ProcessID",
    "ThreadId": "Execution.ThreadID",
    "UserId": "Security.UserID",
}
_ECMD_SIGNS: Final = frozenset({"PayloadData1", "MapDescription", "EventRecordId", "ChunkNumber", "RecordNumber"})


def is_parsed(record: Object) -> bool:
    """Whether a record is an event with its data in an object of its own, as Velociraptor's ``parse_evtx`` gives it."""
    system = record.get("System")
    if type(system) is dict:
        return "EventID" in system
    return "EventID" in record and (type(record.get("EventData")) is dict or type(record.get("UserData")) is dict)


def parsed(record: Object) -> Event:
    """The event; what the artifact adds to it (``OSPath``, ``Username``) keeps its name behind ``row.``."""
    system = record.get("System")
    rest = {name: value for name, value in record.items() if name not in ("System", "Message", *_DATA)}
    if type(system) is dict:
        inner = {**record, "System": {**system, "EventID": _number(system.get("EventID"))}}
        when, number, names, values = nested_event(inner)
        said = {**dict(zip(names, values, strict=True)), "TimeCreated": None}
        rest = {name: value for name, value in rest.items() if _number(value) != said.get(name, _MISSING)}
        rest.pop("TimeCreated", None)  # the header's own, rounded
        return _with(Event(when, number, (*names, "Message"), [*values, record.get("Message")]), "row", rest)
    when = next((value for name in _TIMES if (value := rest.pop(name, None)) is not None), None)
    header = [
        rest.pop("Computer", None), rest.pop("Channel", None), rest.pop("Provider", rest.pop("ProviderName", None)),
        _number(rest.pop("EventID")), rest.pop("EventRecordID", rest.pop("RecordID", None)), rest.pop("Level", None),
        record.get("Message"),
    ]  # fmt: skip
    data = [pair for name in _DATA for pair in event_data(record.get(name))]
    names, values = (*_NAMES, *(name for name, _ in data)), [*header, *(value for _, value in data)]
    return _with(Event(when, header[3], names, values), "row", rest)


_MISSING: Final = object()


def _number(value: Any) -> Any:
    """An event id, which the parser wraps (``{"Value": 4624}``)."""
    return value["Value"] if type(value) is dict and "Value" in value else value


def _with(event: Event, prefix: str, rest: Object) -> Event:
    more = list(flat(prefix, rest))
    when, number, names, values = event
    return Event(when, number, (*names, *(name for name, _ in more)), [*values, *(value for _, value in more)])


def is_ecmd(record: Object) -> bool:
    """Whether a record is EvtxECmd's: its own names beside an event id."""
    return "Payload" in record and "EventId" in record and not record.keys().isdisjoint(_ECMD_SIGNS)


def ecmd(record: Object) -> Event:
    """The event; what EvtxECmd's maps make of it (``PayloadData1``, ``MapDescription``) is ``evtxecmd.*``."""
    rest = dict(record)
    when, level = rest.pop("TimeCreated", None), rest.pop("Level", None)
    header = [
        rest.pop("Computer", None), rest.pop("Channel", None), rest.pop("Provider", None), rest.pop("EventId"),
        rest.pop("EventRecordId", None), _LEVELS.get(level, level) if isinstance(level, str) else level, None,
    ]  # fmt: skip
    data = [(own, rest.pop(name)) for name, own in _ECMD_HEADER.items() if rest.get(name) is not None]
    payload = rest.get("Payload")
    content = decoded(payload.encode("utf-8", "backslashreplace")) if isinstance(payload, str) else payload
    if isinstance(content, dict):
        del rest["Payload"]
        data = [*(pair for name in content for pair in _payload(name, content[name])), *data]
    names, values = (*_NAMES, *(name for name, _ in data)), [*header, *(value for _, value in data)]
    return _with(Event(when, header[3], names, values), "evtxecmd", rest)


def _payload(part: str, content: Any) -> Iterator[tuple[str, Any]]:
    """The fields of one part of a payload, which is the event's XML turned into JSON (attributes are ``@Name``)."""
    if part not in _DATA:
        yield from flat(f"evtxecmd.{part}", content)
        return
    if not isinstance(content, dict):
        yield from event_data(content)
        return
    items = content.get("Data")
    for number, item in enumerate(items if isinstance(items, list) else [items], 1):
        if isinstance(item, dict) and isinstance(item.get("@Name"), str):
            yield item["@Name"], item.get("#text")
            yield from flat(item["@Name"], {name: value for name, value in item.items() if name[:1] not in "@#"})
        elif item is not None:
            yield from flat(f"param{number}", item)
    yield from event_data({name: value for name, value in content.items() if name != "Data" and name[:1] != "@"})
