"""What the tests of the telemetry share."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from lodger.model.tables import TELEMETRY
from lodger.model.telemetry import Aside, Batch, Item, SourceFile
from lodger.telemetry.discovery import readers
from lodger.telemetry.frames import Job, unframed
from lodger.telemetry.reader import RAW, Reader
from lodger.telemetry.worker import answers
from lodger.telemetry.workers import shifted


@dataclass
class Reading:
    """Everything that a reader gave for one file; rows without null columns, ``other`` as a dict."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)

    @property
    def stored(self) -> int:
        return sum(map(len, self.rows.values()))

    @property
    def reasons(self) -> list[tuple[int, str]]:
        return [(aside.record, aside.reason) for aside in self.asides]

    @property
    def numbers(self) -> list[int]:
        """The numbers of all records, stored or aside, in order."""
        stored = [row["record"] for rows in self.rows.values() for row in rows]
        return sorted(stored + [aside.record for aside in self.asides])


def collect(reader: str, path: Path) -> Reading:
    """Read a file with the named reader; what every reader promises is checked on the way."""
    content = path.read_bytes()
    source = SourceFile(path, path.name, hashlib.sha256(content).hexdigest(), "c" * 64, len(content))
    (chosen,) = [each for each in readers() if each.name == reader]
    reading = _collected(chosen.read(source), source)
    if chosen.parts is not None:
        assert _collected(_in_parts(chosen, source), source) == reading, "in parts comes out what comes out in one"
    return reading


def _in_parts(reader: Reader, source: SourceFile) -> Iterator[Item]:
    """What comes out of a file that is read in parts, which are tiny."""
    assert reader.parts is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lodger.telemetry.parts.PART", 500)
        spans = list(reader.parts.spans(source))
    if not spans:
        yield from reader.read(source)
        return
    assert [span.start for span in spans] == [0, *(span.end for span in spans[:-1])]
    assert spans[-1].end == source.size
    base = 0
    for span in spans:
        numbers = 0
        for answer, body in answers(Job.of(reader.name, source, span)):
            if answer.kind == "end":
                numbers = answer.number
            else:
                yield shifted(unframed(answer, pa.py_buffer(body)), base)
        base += numbers


def _collected(items: Iterator[Item], source: SourceFile) -> Reading:
    reading = Reading()
    last: dict[str, int] = {}
    for item in items:
        if isinstance(item, str):
            assert item
            assert "\n" not in item
            reading.stops.append(item)
        elif isinstance(item, Aside):
            assert item.reason
            assert "\n" not in item.reason
            assert len(item.raw or b"") <= RAW
            reading.asides.append(item)
        else:
            _check(item, source.fingerprint, last)
            rows = [{k: v for k, v in row.items() if v is not None} for row in item.data.to_pylist()]
            for row in rows:
                row["other"] = dict(row["other"])
                del row["source"]
            reading.rows.setdefault(item.table, []).extend(rows)
    return reading


def _check(batch: Batch, source: str, last: dict[str, int]) -> None:
    assert batch.data.schema.equals(TELEMETRY[batch.table])
    assert batch.data.num_rows > 0
    batch.data.validate(full=True)
    assert set(batch.data["source"].to_pylist()) == {source}
    numbers = batch.data["record"].to_pylist()
    assert all(a < b for a, b in zip([last.get(batch.table, 0), *numbers], numbers, strict=False))
    last[batch.table] = numbers[-1]
    days = [moment.date() for moment in batch.data["time"].to_pylist()]
    assert batch.data["day"].to_pylist() == days
    for entries in batch.data["other"].to_pylist():
        assert len(dict(entries)) == len(entries), "a map holds a key once"


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bytes], Reading]:
    """A function that reads ``content`` with the named reader."""
    path = tmp_path_factory.mktemp("telemetry") / "file"

    def read(reader: str, content: bytes) -> Reading:
        path.write_bytes(content)
        return collect(reader, path)

    return read


@pytest.fixture(scope="session")
def reading_file() -> Callable[[str, Path], Reading]:
    """A function that reads a file with the named reader."""
    return collect


@pytest.fixture(scope="session", autouse=True)
def kept_samples() -> None:
    """Where fuzzing asks for it (``tests/fuzz/samples.py``), all that any reader reads is kept."""
    if "LODGER_SAMPLES" in os.environ:
        for reader in readers():
            folder = Path(os.environ["LODGER_SAMPLES"]) / reader.name
            folder.mkdir(exist_ok=True)
            object.__setattr__(reader, "read", _keeping(reader.read, folder))


def _keeping(read: Callable[[SourceFile], Iterator[Item]], folder: Path) -> Callable[[SourceFile], Iterator[Item]]:
    def keeping(source: SourceFile) -> Iterator[Item]:
        if source.path.exists():  # a test may be about one that does not
            content = source.path.read_bytes()
            (folder / hashlib.sha256(content).hexdigest()).write_bytes(content)
        return read(source)

    return keeping
