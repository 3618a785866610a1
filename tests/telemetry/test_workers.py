"""Reading at full width gives what reading alone gives."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.model.telemetry import Aside, Batch, Item, SourceFile
from lodger.telemetry import parts, workers
from lodger.telemetry.ahead import ahead
from lodger.telemetry.parts import line_spans
from lodger.telemetry.readers import windows_json
from lodger.telemetry.workers import Workers


def source(path: Path) -> SourceFile:
    return SourceFile(path, path.name, "f" * 64, "c" * 64, path.stat().st_size)


def whole(items: Iterator[Item]) -> tuple[list[object], list[Item]]:
    found = list(items)
    rows = [row for item in found if isinstance(item, Batch) for row in item.data.to_pylist()]
    return rows, [item for item in found if not isinstance(item, Batch)]


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Some thousand events, with lines that are none among them."""
    path = tmp_path / "events.json"
    with path.open("w") as file:
        for number in range(6_000):
            event = {
                "EventID": 1,
                "@timestamp": f"2026-03-01T10:{number // 100:02}:00.{number:06}Z",
                "Computer": "ws1",
                "Image": f"C:\\{number}.exe",
            }
            file.write(("no event" if number % 1000 == 7 else json.dumps(event)) + "\n" * (1 + number % 2))
    return path


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "PART", 50_000)
    monkeypatch.setattr(workers, "LARGE", 1)
    monkeypatch.setattr(workers, "_PARTS_AHEAD", 4)


@pytest.mark.usefixtures("small_parts")
def test_two_processes_give_what_one_gives(events: Path) -> None:
    alone = whole(windows_json.READER.read(source(events)))
    assert (len(alone[0]), len(alone[1])) == (5_994, 6)
    with Workers(2) as two:
        assert whole(two.read(windows_json.READER, source(events))) == alone
        assert whole(two.read(windows_json.READER, source(events))) == alone, "and again with the same processes"
    with Workers(1) as one:
        assert whole(one.read(windows_json.READER, source(events))) == alone


@pytest.mark.usefixtures("small_parts")
def test_nothing_is_imported_from_the_folder_one_works_in(
    events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "msgspec.py").write_text("raise SystemExit(3)")
    monkeypatch.chdir(tmp_path)
    with Workers(2) as two:
        assert len(whole(two.read(windows_json.READER, source(events)))[0]) == 5_994


@pytest.mark.usefixtures("small_parts")
def test_a_process_that_dies_is_an_os_error_and_the_next_file_is_read(events: Path) -> None:
    with Workers(2) as two:
        found: list[Item] = []
        items = two.read(windows_json.READER, source(events))
        found.append(next(items))
        for process in two._processes:
            os.kill(process._process.pid, signal.SIGKILL)
        with pytest.raises(OSError, match=r"the process that read it ended \(SIGKILL\)"):
            found.extend(items)
        records = [number for item in found if isinstance(item, Batch) for number in item.data["record"].to_pylist()]
        assert records == sorted(set(records))
        assert len(whole(two.read(windows_json.READER, source(events)))[0]) == 5_994


@pytest.mark.usefixtures("small_parts")
def test_a_file_that_goes_away_is_an_os_error(events: Path) -> None:
    gone = source(events)
    with Workers(2) as two:
        items = two.read(windows_json.READER, gone)
        next(items)
        events.unlink()
        with pytest.raises(FileNotFoundError):
            list(items)


@pytest.mark.usefixtures("small_parts")
def test_nobody_stays_behind(events: Path) -> None:
    with Workers(2) as two:
        next(two.read(windows_json.READER, source(events)))
        processes = [process._process for process in two._processes]
        assert [process.poll() for process in processes] == [None, None]
    assert [process.poll() for process in processes] == [-signal.SIGKILL, -signal.SIGKILL]


def numbered(count: int, problem: Exception | None = None) -> Iterator[Item]:
    for number in range(count):
        yield Aside(number, "x")
    if problem is not None:
        raise problem


def len_of(_: object) -> int:
    return 256


def test_ahead_keeps_the_order_and_ends() -> None:
    assert list(ahead(numbered(100), 1000, len_of)) == list(numbered(100))
    assert list(ahead(iter(()), 1000, len_of)) == []


def test_ahead_passes_errors_on_in_their_place() -> None:
    found: list[Item] = []
    with pytest.raises(OSError, match="gone"):
        found.extend(ahead(numbered(3, OSError("gone")), 1000, len_of))
    items = ahead(numbered(3, OSError("gone")), 1000, len_of)
    assert [next(items) for _ in range(3)] == list(numbered(3))


def test_ahead_can_be_left() -> None:
    items = ahead(numbered(1_000_000), 1000, len_of)
    assert next(items) == Aside(0, "x")
    items.close()  # type: ignore[attr-defined]  # it is a generator


@given(st.lists(st.binary(max_size=40)), st.integers(1, 60))
def test_parts_end_where_lines_do(tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], size: int) -> None:
    path = tmp_path_factory.mktemp("parts") / "log"
    content = b"\n".join(lines)
    path.write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PART", size)
        spans = list(line_spans(source(path)))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        assert spans == []
        return
    pieces = [content[span.start : span.end] for span in spans]
    assert b"".join(pieces) == content
    assert all(piece.endswith(b"\n") and len(piece) >= size for piece in pieces[:-1])
    assert all(b"\n" not in piece[size - 1 : -1] for piece in pieces)
