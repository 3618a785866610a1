"""Telemetry that tests of the lake are in control of: a line format, its reader, and a finder for folders of it.

A file begins with the line ``fake``; each further line is a record: a table's name and a day (``zeek_dns 2021-01-31``),
``aside REASON``, ``stop REASON`` or ``fail``. A folder called ``*.box`` is a container, its files are the members.

As a program (``python -m tests.lake.fake_telemetry CASE FOLDER``) it ingests a folder slowly enough to be killed.
"""

from __future__ import annotations

import errno
import hashlib
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from lodger.lake import ingest as ingest_module
from lodger.lake import pending
from lodger.lake.ingest import ingest
from lodger.lake.tables import Lake
from lodger.model.ingest import Silent
from lodger.model.tables import TELEMETRY
from lodger.model.telemetry import Aside, Batch, Item, SourceFile
from lodger.telemetry.early import Submit
from lodger.telemetry.reader import Reader
from lodger.telemetry.sources import Found, Known, Problem

#: Whether the line ``fail`` fails: always, never, or in the files of these names only.
FAILS: bool | set[str] = True

#: Lines that the reader gathers before it yields their batches.
LINES = 20


def read(source: SourceFile) -> Iterator[Item]:
    """What a fake file holds; rows come some time after the asides between them, as readers do it."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number, line in enumerate(source.path.read_text().splitlines()[1:], start=1):
        what, _, rest = line.partition(" ")
        if what == "aside":
            yield Aside(number, rest, line.encode())
        elif what == "fail":
            if FAILS is False or (FAILS is not True and source.name not in FAILS):
                continue
            raise OSError(errno.EIO, "Input/output error")
        elif what == "stop":
            yield from _batches(rows)
            yield rest
        else:
            rows[what].append(_row(source.fingerprint, number, date.fromisoformat(rest)))
        if number % LINES == 0:
            yield from _batches(rows)
    yield from _batches(rows)


def _row(fingerprint: str, number: int, day: date) -> dict[str, Any]:
    moment = datetime(day.year, day.month, day.day, number % 24, tzinfo=UTC).replace(tzinfo=None)
    return {"source": fingerprint, "record": number, "time": moment, "day": day, "other": [("number", str(number))]}


def _batches(rows: dict[str, list[dict[str, Any]]]) -> Iterator[Batch]:
    for table in sorted(rows):
        yield Batch(table, pa.RecordBatch.from_pylist(rows.pop(table), schema=TELEMETRY[table]))


FAKE = Reader(
    "fake", "Fake telemetry", "to the table that each line names", lambda head: head.startswith(b"fake"), read
)


def choose(head: bytes, name: str = "") -> Reader | None:
    """As :func:`lodger.telemetry.discovery.choose`."""
    return FAKE if FAKE.sniff(head) else None


def find(
    paths: Sequence[Path],
    spool: Path,
    known: Callable[[str], bool],
    progress: Callable[[int], None],
    *,
    unpacked: Callable[[int], None],
    skip: Path,
    submit: Submit | None,
) -> Iterator[Found]:
    """As :func:`lodger.telemetry.sources.find`, for plain files and boxes."""
    for path in (entry for folder in paths for entry in sorted(folder.iterdir())):
        packed = path.suffix == ".box"
        members = sorted(path.iterdir()) if packed else [path]
        container = _digest(b"box" * packed + b"".join(member.read_bytes() for member in members))
        if known(container):
            yield Known(path.name, container)
        else:
            yield from _members(path.name, members, container)
        progress(1)


def _members(outermost: str, members: list[Path], container: str) -> Iterator[Found]:
    for member in members:
        name = outermost if member.name == outermost else f"{outermost}!{member.name}"
        if member.suffix == ".bomb":
            yield Problem(name, "unpacks to too much")
        else:
            content = member.read_bytes()
            yield SourceFile(member, name, _digest(content), container, len(content))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _slowly(case: Path, folder: Path) -> None:
    append = Lake.append

    def delayed(self: Lake, table: str, data: pa.Table, marks: dict[str, int]) -> None:
        time.sleep(0.004)
        append(self, table, data, marks)
        time.sleep(0.004)

    Lake.append = delayed  # type: ignore[method-assign, assignment]
    for module, name, value in (
        (ingest_module, "find", find),
        (ingest_module, "choose", choose),
        (pending, "MOST_ROWS", 60),
    ):
        setattr(module, name, value)
    print("ready", flush=True)  # noqa: T201
    ingest(Lake.create(case), [folder], Silent())


if __name__ == "__main__":
    _slowly(Path(sys.argv[1]), Path(sys.argv[2]))
