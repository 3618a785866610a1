"""The same events as XML, as Event Viewer and ``wevtutil query-events /format:RenderedXml`` export them.

Microsoft, "Event Schema" (Windows Event Log): ``System``, ``EventData`` and, with the message, ``RenderingInfo``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

import msgspec

_NAMESPACE: Final = "http://schemas.microsoft.com/win/2004/08/events/event"
#: Fields of a line that belong to an event's head, not to its data.
_HEAD: Final = frozenset(
    {
        "SourceName",
        "ProviderGuid",
        "Level",
        "Keywords",
        "Channel",
        "Hostname",
        "TimeCreated",
        "@timestamp",
        "EventID",
        "Message",
        "Task",
    }
)
_decode: Final = msgspec.json.Decoder(dict[str, str | int]).decode


def document(lines: Iterable[str]) -> str:
    """JSON lines of `lodger.lab.sysmon` as one document, an event a line."""
    return "".join(("<Events>\n", *(_event(_decode(line)) for line in lines), "</Events>\n"))


def _event(said: dict[str, str | int]) -> str:
    provider = f"<Provider Name={_quoted(said['SourceName'])} Guid={_quoted(said['ProviderGuid'])}/>"
    plain = "".join(f"<{name}>{_text(said[name])}</{name}>" for name in ("EventID", "Level", "Task", "Keywords"))
    time = f"<TimeCreated SystemTime={_quoted(said['TimeCreated'])}/>"
    where = f"<Channel>{_text(said['Channel'])}</Channel><Computer>{_text(said['Hostname'])}</Computer>"
    data = "".join(
        f"<Data Name={_quoted(name)}>{_text(value)}</Data>" for name, value in said.items() if name not in _HEAD
    )
    rendered = f"<RenderingInfo Culture='en-US'><Message>{_text(said['Message'])}</Message></RenderingInfo>"
    return (
        f"<Event xmlns='{_NAMESPACE}'><System>{provider}{plain}{time}{where}</System>"
        f"<EventData>{data}</EventData>{rendered}</Event>\n"
    )


def _text(value: str | int) -> str:
    return escape(str(value))


def _quoted(value: str | int) -> str:
    return quoteattr(str(value))
