"""What Splunk's JSON export wraps around a Windows event: ``{"result": {"_raw": ..., "_time": ...}}``.

``_raw`` is the event as it came in: XML (``renderXml``), another shipper's JSON, or the classic ``Name=value`` text.
"""

from __future__ import annotations

import re
from typing import Any, Final

from lodger.telemetry import event_xml, times
from lodger.telemetry.json_records import Object, decoded
from lodger.telemetry.windows import HEADER, Event

_LINE: Final = re.compile(r"^(\w{1,40})=(.*?)\r?$", re.MULTILINE)
#: The add-on's names for the header, best first.
_HEADER: Final = (
    ("ComputerName", "Computer", "host"), ("LogName", "Channel"), ("SourceName", "Name"), ("EventCode", "EventID"),
    ("RecordNumber", "EventRecordID"), ("Level",),
)  # fmt: skip


def unwrapped(record: Object) -> tuple[Object, list[tuple[str, Any]]] | str:
    """The event in an export's row, and the row's own fields as ``splunk.*``; (str) why there is none."""
    result = record.get("result")
    if not isinstance(result, dict):
        return "no event id"
    if record.get("preview") is True:
        return "a preview of a search: its result comes again"
    rest = [(f"splunk.{name}", value) for name, value in result.items() if name != "_raw"]
    raw = result.get("_raw")
    if not isinstance(raw, str):
        return result, []
    start = raw.lstrip()
    if start.startswith("<Event"):
        value = event_xml.parsed(start.encode("utf-8", "backslashreplace"))
        return value if isinstance(value, str) else ({"Event": value}, rest)
    if start.startswith("{"):
        value = decoded(start.encode("utf-8", "backslashreplace"))
        return value if isinstance(value, str) else (value, rest)
    return _classic(raw, result), []


def _classic(raw: str, result: Object) -> Object:
    """The row's fields, and those that the text has before its message."""
    head, message, text = raw.partition("\nMessage=")
    fields: Object = dict(_LINE.findall(head))
    if message:
        fields["Message"] = text
    rest = {name: value for name, value in result.items() if fields.get(name) != value and name != "_raw"}
    return {**rest, **fields, "_raw": raw} if not message else {**rest, **fields}


def extracted(result: Object) -> Event | None:
    """An event whose fields Splunk has extracted; None where there is no event id among them."""
    if "EventCode" not in result or "_time" not in result:
        return None
    rest = dict(result)
    header: list[Any] = []
    for names in _HEADER:
        found = next((name for name in names if rest.get(name) is not None), "")
        header.append(rest.pop(found, None))
    time = rest.pop("_time")
    if isinstance(time, str) and times.iso(time) is None and times.epoch(time) is not None:
        time = float(time)
    fields = (*HEADER, *(f"splunk.{name}" if name.startswith("_") else name for name in rest))
    return Event(time, header[3], fields, [*header, *rest.values()])
