"""The shapes in which programs write Windows events as JSON objects, told apart record by record.

*flat* (all fields on one level, as NXLog and Logstash write them), *nested* (Winlogbeat, Elastic Agent and other ECS
shippers: ``winlog.event_data``, also with dots for the nesting; Winlogbeat 6: ``event_data`` on top), *event* (the
XML's own shape, as ``evtx_dump`` writes it), PowerShell's, those of forensic collectors (:mod:`.collected`), and what
Elasticsearch and Splunk wrap around any of these.
"""

from __future__ import annotations

from typing import Any, Final

from lodger.telemetry import event_xml
from lodger.telemetry.json_records import Object
from lodger.telemetry.windows import HEADER, Event, event, event_data, flat
from lodger.telemetry.windows_dialects import collected, elastic, powershell, splunk

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


def mapped(record: Object) -> Event | str:
    """The record as an event, by its dialect; (str) why it is none."""
    known = _own(record)
    if known is not None:
        return known
    wrapped = unwrapped(record)
    if isinstance(wrapped, str):
        return wrapped
    inner, rest = wrapped
    found = splunk.extracted(inner) or _own(inner)
    if found is None:
        return "no event id"
    when, number, names, values = found
    said = {str(value) for value in values}
    more = [(name, value) for name, value in rest if str(value) not in said]  # extracted fields only repeat the event
    return Event(when, number, (*names, *(name for name, _ in more)), [*values, *(value for _, value in more)])


def unwrapped(record: Object) -> tuple[Object, list[tuple[str, Any]]] | str:
    """The record in what a store wraps around it on export, and the wrapping's own fields; (str) why there is none."""
    hit = elastic.unwrapped(record)
    if hit is not None:
        kept = elastic.original(hit[0]) if _own(hit[0]) is None else None
        return hit if kept is None or isinstance(kept, str) else (kept[0], [*kept[1], *hit[1]])
    if isinstance(record.get("MESSAGE"), str) and record["MESSAGE"].lstrip().startswith("<Event"):
        return _journal(record)
    kept = elastic.original(record)
    return splunk.unwrapped(record) if kept is None else kept


def _journal(record: Object) -> tuple[Object, list[tuple[str, Any]]] | str:
    """The event in an entry of ``journalctl -o json``, as Sysmon for Linux writes it, and the journal's own fields."""
    value = event_xml.parsed(record["MESSAGE"].lstrip().encode("utf-8", "backslashreplace"))
    rest = [(f"journal.{name}", value) for name, value in record.items() if name != "MESSAGE"]
    return value if isinstance(value, str) else ({"Event": value}, rest)


def _own(record: Object) -> Event | None:
    """The event where the record is one that no store has wrapped; None where it is no Windows event."""
    if collected.is_parsed(record):
        return collected.parsed(record)
    if "EventID" in record:
        return _flat(record)
    if isinstance(record.get("winlog"), dict):
        return _nested(record)
    if isinstance(record.get("Event"), dict):
        return _event(record)
    if "event_id" in record:
        return _older(record) if "log_name" in record or "event_data" in record else _flat(record)
    if powershell.is_event(record):
        return powershell.event(record)
    if not record.keys().isdisjoint(_DOTTED):
        return _nested(_undotted(record))
    if collected.is_ecmd(record):
        return collected.ecmd(record)
    return _flat(record) if "EventId" in record else None


#: Fields that every ECS event of Windows has, as an exporter writes them that keeps no nesting.
_DOTTED: Final = ("winlog.channel", "winlog.event_id", "winlog.provider_name", "winlog.record_id")


def _undotted(record: Object) -> Object:
    """An ECS record whose nesting was written as dots (``winlog.event_data.Image``), nested again below ``winlog``."""
    winlog: Object = {}
    whole: Object = {"winlog": winlog}
    for name, value in record.items():
        outer, _, inner = name.partition(".")
        part, _, field = inner.partition(".")
        if outer != "winlog" or not inner:
            whole["ecs.winlog" if name == "winlog" else name] = value
        elif part in {"event_data", "user_data"} and field:
            data = winlog.setdefault(part, {})
            (data if isinstance(data, dict) else whole)[field] = value
        else:
            winlog[inner] = value
    return whole


def is_windows(record: Object) -> bool:
    """Whether a JSON object is a Windows event in any dialect."""
    if is_dissect(record):
        return False
    if _is_own(record):
        return True
    wrapped = unwrapped(record)
    return not isinstance(wrapped, str) and (_is_own(wrapped[0]) or splunk.extracted(wrapped[0]) is not None)


def is_dissect(record: Object) -> bool:
    """Whether a JSON object is a record of Dissect: it has a reader of its own, also for those that are events."""
    return "_recorddescriptor" in record or (
        "_generated" in record and "_classification" in record and "_version" in record
    )


def _is_own(record: Object) -> bool:
    if isinstance(record.get("Event"), dict):
        return "System" in record["Event"]
    if collected.is_parsed(record) or collected.is_ecmd(record):
        return True
    if isinstance(record.get("winlog"), dict) or powershell.is_event(record):
        return True
    if not record.keys().isdisjoint(_DOTTED):
        return True
    if "EventID" in record or "EventId" in record:
        return not record.keys().isdisjoint(
            ("Channel", "Hostname", "Computer", "SourceName", "Provider", "ProviderName")
        )
    return "event_id" in record and ("log_name" in record or "computer_name" in record)
