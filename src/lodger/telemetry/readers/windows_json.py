"""Windows events exported as JSON: one object per line, an array, or single pretty-printed objects.

Three dialects, told apart record by record: *flat* (all fields on one level, as NXLog and Logstash write them),
*nested* (Winlogbeat and other ECS shippers: ``winlog.event_data``; Winlogbeat 6: ``event_data`` on top), and *event*
(the XML's own shape, as ``evtx_dump`` writes it).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry.json_records import Object, records, sample
from lodger.telemetry.reader import RAW, Reader
from lodger.telemetry.windows import HEADER, Event, WindowsRows, event, event_data, flat

#: Where a flat export says when, best first: the event's own time, then the shipper's.
_TIMES: Final = ("TimeCreated", "@timestamp", "EventTime", "UtcTime", "timestamp")


def _flat(record: Object) -> Event:
    for name in _TIMES:
        when = record.get(name)
        if when is not None:
            break
    else:
        name, when = "", None
    number = record.get("EventID", record.get("EventId", record.get("event_id")))
    if name in ("", "UtcTime"):
        return Event(when, number, tuple(record), tuple(record.values()))
    kept = record.copy()
    del kept[name]
    return Event(when, number, tuple(kept), tuple(kept.values()))


def _event(record: Object) -> Event:
    inner = record["Event"]
    when, number, names, values = event(inner)
    rest = [pair for name, value in record.items() if name != "Event" for pair in flat(name, value)]
    if rest:
        names = (*names, *(name for name, _ in rest))
        values = [*values, *(value for _, value in rest)]
    return Event(when, number, names, values)


def _nested(record: Object) -> Event:
    """Winlogbeat 7 and later: header and data below ``winlog``, some of the header in ECS fields only."""
    winlog = dict(record["winlog"])
    rest = {name: value for name, value in record.items() if name != "winlog"}
    number = winlog.pop("event_id", None)
    header = [
        winlog.pop("computer_name", None) or _pick(rest, "host", "name"),
        winlog.pop("channel", None),
        winlog.pop("provider_name", None) or _pick(rest, "event", "provider"),
        _pick(rest, "event", "code") if number is None else number,
        winlog.pop("record_id", None),
        None,
        rest.pop("message", None),
    ]
    data = [*event_data(winlog.pop("event_data", None)), *event_data(winlog.pop("user_data", None))]
    data += flat("winlog", winlog)
    return _assembled(rest.pop("@timestamp", None), header, data, rest)


def _older(record: Object) -> Event:
    """Winlogbeat 6 and earlier: header and ``event_data`` on the top level."""
    rest = dict(record)
    header = [
        rest.pop("computer_name", None),
        rest.pop("log_name", None),
        rest.pop("source_name", None),
        rest.pop("event_id", None),
        rest.pop("record_number", None),
        None,
        rest.pop("message", None),
    ]
    data = [*event_data(rest.pop("event_data", None)), *event_data(rest.pop("user_data", None))]
    return _assembled(rest.pop("@timestamp", None), header, data, rest)


def _assembled(when: object, header: list[object], data: list[tuple[str, Any]], rest: Object) -> Event:
    # the shipper's own fields keep a dotted name, so that they are never taken for the event's
    data += [(name if "." in name else f"ecs.{name}", value) for name, value in flat("", rest)]
    names = (*HEADER, "Message", *(name for name, _ in data))
    return Event(when, header[3], names, [*header, *(value for _, value in data)])


def _pick(record: Object, outer: str, inner: str) -> object:
    """``record[outer][inner]``, also where the exporter wrote the dotted name."""
    found = record.get(outer)
    value = found.get(inner) if isinstance(found, dict) else None
    return record.get(f"{outer}.{inner}") if value is None else value


def _mapped(record: Object) -> Event | None:
    """The record by its dialect; None where it is no Windows event."""
    if "EventID" in record:
        return _flat(record)
    if isinstance(record.get("winlog"), dict):
        return _nested(record)
    if isinstance(record.get("Event"), dict):
        return _event(record)
    if "event_id" in record:
        return _older(record) if "log_name" in record or "event_data" in record else _flat(record)
    return _flat(record) if "EventId" in record else None


def is_windows(record: Object) -> bool:
    """Whether a JSON object is a Windows event in any dialect."""
    if isinstance(record.get("Event"), dict):
        return "System" in record["Event"]
    if isinstance(record.get("winlog"), dict):
        return True
    if "EventID" in record or "EventId" in record:
        return not record.keys().isdisjoint(
            ("Channel", "Hostname", "Computer", "SourceName", "Provider", "ProviderName")
        )
    return "event_id" in record and ("log_name" in record or "computer_name" in record)


def _sniff(head: bytes) -> bool:
    return any(map(is_windows, sample(head)))


def _read(source: SourceFile) -> Iterator[Item]:
    rows = WindowsRows(source.fingerprint)
    for record in records(source):
        if isinstance(record, Aside):
            yield record
            continue
        mapped = _mapped(record.value)
        if mapped is None:
            yield Aside(record.number, "no event id", record.raw[:RAW])
        else:
            yield from rows.add(record.number, mapped, record.raw)
    yield from rows.rest()


READER = Reader(
    name="windows_json",
    title="Windows events as JSON",
    maps="windows_event; fields without a column go to its `other`",
    sniff=_sniff,
    read=_read,
)
