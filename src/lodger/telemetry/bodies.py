"""Pictures, documents and programs in the plain HTTP bodies of a capture, walked: rows of ``file_inspection``."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import unquote_to_bytes

from lodger.disguise import Finding, Inspection, Verdict, examine
from lodger.disguise.noise import is_random
from lodger.disguise.trace import JUDGED
from lodger.disguise.twins import digests
from lodger.errors import InputError
from lodger.model.tables import FILE_INSPECTION
from lodger.model.telemetry import Aside, Item, SourceFile
from lodger.telemetry import times
from lodger.telemetry.http_bodies import Body, Origin, Shelf, receiver
from lodger.telemetry.http_messages import Conversation, Counts, Head, Receiver
from lodger.telemetry.inspections import told
from lodger.telemetry.packets import Packet, frames
from lodger.telemetry.rows import Rows
from lodger.telemetry.segments import LINKS, Packets, addresses, turned
from lodger.telemetry.streams import Moment, Streams

_TABLE: Final = "file_inspection"
_COLUMNS: Final = {name: name for name in FILE_INSPECTION.names}
_SIZE: Final = 1000  # bytes: about what a row takes in a batch
#: Link types of which flows are made, and in which no segments are found; of any other the meter tells.
_METERED: Final = frozenset({9, 50, 127})
_LONGEST_NAME: Final = 255
_SEPARATOR: Final = re.compile(r"[/\\]")
_NAMED: Final = re.compile(
    rb";\s*filename(?:\*\s*=\s*([A-Za-z0-9-]{1,40})'[^';\s]{0,40}'([^\s;]{1,2000})"
    rb'|\s*=\s*(?:"((?:[^"\\]|\\.){0,2000})"|([^\s;"]{1,2000})))',
    re.IGNORECASE,
)


def bodies(source: SourceFile, before: int) -> Generator[Item, None, int]:
    """The rows of a capture's bodies, and asides for what was passed over; records are numbered on from ``before``.

    Returns the last number. Where the capture breaks off is told by whoever reads its flows. Raises :class:`OSError`
    where it cannot be read.
    """
    rows = Rows(_TABLE, source.fingerprint, _COLUMNS.get)
    number = before
    with TemporaryDirectory(dir=source.spool, prefix="bodies-") as folder:
        hearing = _Hearing(Path(folder))
        for frame in frames(source.path):
            if isinstance(frame, Packet):
                hearing.take(frame)
            if hearing.shelf.done:
                number = yield from _stored(source, hearing.shelf, rows, number)
        hearing.streams.finish()
        number = yield from _stored(source, hearing.shelf, rows, number)
    yield from rows.take()
    for reason in hearing.passed_over():
        number += 1
        yield Aside(number, reason)
    return number


class _Hearing:
    """A capture's connections, and what comes of their bodies."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder)
        self.streams = Streams(self._listen)
        self._counts = Counts()
        self._packets = Packets()
        self._links: dict[int, int] = {}

    def take(self, packet: Packet) -> None:
        """The next packet."""
        found = self._packets.segment(packet.link, packet.data, packet.micros)
        if found is not None:
            self.streams.take(found, Moment(packet.number, packet.micros))
        elif packet.link not in LINKS:
            self._links[packet.link] = self._links.get(packet.link, 0) + 1

    def passed_over(self) -> list[str]:
        """In a line each, what could not be looked into."""
        said = [
            (self._counts.unreadable, "HTTP messages that cannot be read (syntax, or beyond the bounds)"),
            (
                self.shelf.undecoded,
                "HTTP bodies that are not unpacked (br, zstd, several codings, too many at once)",
            ),
        ]
        links = [
            (count, f"packets of link type {link}, in which no HTTP bodies are looked for")
            for link, count in sorted(self._links.items())
            if link in _METERED
        ]
        return [f"{what}: {count:,}" for count, what in said + links if count]

    def _listen(self, ends: bytes, begun: tuple[bool, bool]) -> Conversation:
        ways = ends, turned(ends)

        def receive(head: Head, way: int) -> Receiver | None:
            return receiver(self.shelf, head, ways[way])

        return Conversation(receive, self._counts, begun)


def _stored(source: SourceFile, shelf: Shelf, rows: Rows, number: int) -> Generator[Item, None, int]:
    """Walk the bodies that came to their end. Returns the last record's number."""
    done, shelf.done = shelf.done, []
    for body in done:
        values = _row(source, body)
        shelf.free(body)
        if values is None:
            continue
        number += 1
        micros = body.origin.moment.micros
        reason = times.why_not(micros, micros)
        if reason is not None:
            yield Aside(number, f"a file in an HTTP body, packet {body.origin.moment.packet:,}: {reason}")
            continue
        rows.add(number, micros, tuple(values), tuple(values.values()), _SIZE)
        if rows.full():
            yield from rows.take()
    return number


def _row(source: SourceFile, body: Body) -> dict[str, object] | None:
    name = _name(body.origin)
    shown = f"{source.name}!{name or f'packet {body.origin.moment.packet}'}"
    try:
        found = examine(body.path, shown, name)
        if found is None:
            return None
        if body.notes:
            found = replace(found, inspection=_cut(found.inspection, body))
        sha256 = digests(body.path, None, "sha256")[0].hex()
        row = told(body.path, found, sha256)
    except InputError as error:
        raise OSError(str(error)) from error
    return {"name": shown, "file_name": name or None, **row, **_carried(body.origin)}


def _cut(inspection: Inspection, body: Body) -> Inspection:
    """The inspection of a body that is not whole: what reaches up to the cut may be a piece of something harmless.

    Not so what is as even as random bytes behind the end of a picture: no trailer that is known looks like that.
    """
    findings = []
    for each in inspection.findings:
        doubtful = each.verdict is Verdict.HIDDEN and each.offset + each.length >= inspection.size
        plain = doubtful and each.kind == "after the end" and is_random(_read(body.path, each.offset))
        findings.append(replace(each, verdict=Verdict.MALFORMED) if doubtful and not plain else each)
    findings += [Finding("cut off", Verdict.MALFORMED, inspection.size, 0, each) for each in body.notes]
    return replace(inspection, findings=tuple(findings))


def _read(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(JUDGED)


def _carried(origin: Origin) -> dict[str, object]:
    """The columns that say how the file travelled: the client's end first, whoever sent it."""
    up = origin.head.status is None
    source, source_port, target, target_port = addresses(origin.ends if up else turned(origin.ends))
    asked = origin.head.request
    return {
        "packet": origin.moment.packet,
        "is_orig": up,
        "src_ip": source,
        "src_port": source_port,
        "dst_ip": target,
        "dst_port": target_port,
        "method": asked and asked.method,
        "host": (_text(asked.host).lower() or None) if asked else None,
        "uri": _text(asked.target) if asked else None,
        "status_code": origin.head.status,
        "media_type": _text(origin.naming.get(b"content-type", b"")[:_LONGEST_NAME]) or None,
    }


def _name(origin: Origin) -> str:
    """The file's own name, empty where nobody gives it one.

    That is what ``Content-Disposition`` says (RFC 6266, 7578), else the last part of what was asked for or put there;
    what a POST goes to has a name of its own.
    """
    said = _NAMED.search(origin.naming.get(b"content-disposition", b""))
    if said is not None:
        encoded = said[2] is not None
        raw = unquote_to_bytes(said[2]) if encoded else re.sub(rb'\\(["\\])', rb"\1", said[3] or said[4] or b"")
        latin = encoded and said[1].lower() == b"iso-8859-1"
        name = raw.decode("latin-1") if latin else _text(raw)
    else:
        asked = origin.head.request
        sent = origin.head.status is None and (asked is None or asked.method != "PUT")
        path = b"" if asked is None or sent else re.split(rb"[?#]", asked.target)[0]
        name = _text(unquote_to_bytes(path))
    return _SEPARATOR.split(name)[-1][-_LONGEST_NAME:]


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "backslashreplace")
