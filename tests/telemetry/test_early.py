"""Small files that other processes read before their turn come out as if each had been read at its turn."""

from __future__ import annotations

import bz2
import gzip
import json
import os
import signal
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.model.telemetry import Aside, Batch, Item, SourceFile
from lodger.telemetry import early as early_module
from lodger.telemetry import worker
from lodger.telemetry.discovery import choose
from lodger.telemetry.early import Part, early
from lodger.telemetry.frames import Look, unframed
from lodger.telemetry.reader import HEAD
from lodger.telemetry.sources import Found, Known, Problem, find
from lodger.telemetry.walk import OuterFile
from lodger.telemetry.workers import Workers


def events(path: Path, count: int, first: int = 0) -> None:
    """So many events, and a line that is none."""
    lines = [
        json.dumps(
            {
                "EventID": 1,
                "TimeCreated": f"2026-03-01T10:00:{number % 60:02}Z",
                "Hostname": "ws1",
                "Image": f"C:\\{number}.exe",
            }
        )
        for number in range(first, first + count)
    ]
    path.write_text("\n".join(["no event", *lines, ""]))


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    """A folder in which every kind of small file is."""
    folder = tmp_path / "logs"
    folder.mkdir()
    for number in range(12):
        events(folder / f"{number:02}.jsonl", 30 + number, 100 * number)
    events(folder / "x.json", 5, 5000)
    packed = (folder / "x.json").read_bytes()
    (folder / "a.gz").write_bytes(gzip.compress(packed.replace(b"ws1", b"ws2")))
    (folder / "b.bz2").write_bytes(bz2.compress(packed.replace(b"ws1", b"ws3")))
    (folder / "c-damaged.gz").write_bytes(gzip.compress(packed.replace(b"ws1", b"ws4") * 400)[:-200])
    (folder / "d-empty.gz").write_bytes(gzip.compress(b""))
    (folder / "e-in-one.gz").write_bytes(gzip.compress(gzip.compress(packed.replace(b"ws1", b"ws5"))))
    with zipfile.ZipFile(folder / "f.zip", "w") as archive:
        archive.writestr("inner.json", packed.replace(b"ws1", b"ws6"))
    (folder / "g.rar").write_bytes(b"Rar!\x1a\7\1\0 and more")
    (folder / "h.jpg").write_bytes(b"\xff\xd8\xff\xe0 a picture")
    (folder / "i-copy.jsonl").write_bytes((folder / "03.jsonl").read_bytes())
    (folder / "j-copy.gz").write_bytes(gzip.compress((folder / "04.jsonl").read_bytes()))
    (folder / "k-empty").write_bytes(b"")
    events(Path(os.fsdecode(os.fsencode(folder) + b"/l-\xff.jsonl")), 7, 9000)
    return folder


def no_one(_: str) -> bool:
    return False


def outcome(found: Iterator[Found], read: Callable[[SourceFile], list[Item]]) -> list[object]:
    """What is found and read, in its order, in a form that can be compared."""
    told: list[object] = []
    for each in found:
        if isinstance(each, SourceFile):
            items = read(each)
            rows = [row for item in items if isinstance(item, Batch) for row in item.data.to_pylist()]
            for row in rows:
                if "verdict" in row:  # a file that is looked into has no time of its own
                    del row["time"]
            told.append((each.name, each.fingerprint, each.container, each.size, rows))
            told.extend(item for item in items if not isinstance(item, Batch))
        else:
            told.append(each)
    return told


def plainly(source: SourceFile) -> list[Item]:
    assert source.ready is None
    reader = choose(source.path.read_bytes()[:HEAD], source.name)
    return [] if reader is None else list(reader.read(source))


def alone(folder: Path, known: Callable[[str], bool] = no_one) -> list[object]:
    return outcome(find([folder], folder.parent / "spool", known), plainly)


class Together:
    """Finds with two processes; counts what came ready, and looks whether it was read with the right reader."""

    def __init__(self) -> None:
        self.ready: list[str] = []

    def read(self, source: SourceFile) -> list[Item]:
        if source.ready is None:
            return plainly(source)
        self.ready.append(source.name.rpartition("/")[2])
        reader = choose(source.path.read_bytes()[:HEAD], source.name)
        assert source.ready.reader == ("" if reader is None else reader.name)
        return list(source.ready.items)

    def find(self, folder: Path, known: Callable[[str], bool] = no_one) -> list[object]:
        with Workers(2) as two:
            return outcome(find([folder], folder.parent / "spool", known, submit=two.submit()), self.read)


def test_two_processes_find_what_one_finds_in_the_same_order(logs: Path) -> None:
    two = Together()
    assert two.find(logs) == alone(logs)
    plain = [f"{number:02}.jsonl" for number in range(12)]
    assert two.ready == [*plain, "a.gz", "b.bz2", "h.jpg", "i-copy.jsonl", "j-copy.gz", "l-\\xff.jsonl", "x.json"]
    assert list((logs.parent / "spool").iterdir()) == []


def test_what_is_known_is_not_read_again(logs: Path) -> None:
    hashes = {each.container for each in find([logs], logs.parent / "spool", no_one) if isinstance(each, SourceFile)}
    given: list[Look] = []

    def submit(look: Look) -> Future[Part]:
        given.append(look)
        return Future()

    list(early(iter([OuterFile(logs / "00.jsonl", 3)]), hashes.__contains__, logs, submit))
    assert given == []
    two = Together()
    assert two.find(logs, hashes.__contains__) == alone(logs, hashes.__contains__)
    assert two.ready == []


def test_a_copy_of_a_file_that_was_taken_meanwhile_is_known(logs: Path) -> None:
    taken: set[str] = set()

    def ready(source: SourceFile) -> list[Item]:
        taken.add(source.container)
        return []

    with Workers(2) as two:
        found = outcome(find([logs], logs.parent / "spool", taken.__contains__, submit=two.submit()), ready)
    assert [each.name.rpartition("/")[2] for each in found if isinstance(each, Known)] == ["i-copy.jsonl"]


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_process_that_dies_costs_its_file_alone(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    for number in range(30):
        events(folder / f"{number:02}", 300, 1000 * number)
        if suffix:
            (folder / f"{number:02}{suffix}").write_bytes(gzip.compress((folder / f"{number:02}").read_bytes()))
            (folder / f"{number:02}").unlink()
    with Workers(2) as two:
        found = find([folder], tmp_path / "spool", no_one, submit=two.submit())
        first = next(found)
        assert isinstance(first, SourceFile)
        os.kill(two._processes[0]._process.pid, signal.SIGKILL)
        rest = list(found)
    problems = [each for each in rest if isinstance(each, Problem)]
    assert len(problems) <= 1  # none where it had nothing to do
    assert all("the process that read it ended (sigkill)" in each.reason.lower() for each in problems)
    assert len([each for each in rest if isinstance(each, SourceFile) and each.ready]) == 29 - len(problems)


class Held:
    """Files are read, in this process, only when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Look, Future[Part]]] = []

    def submit(self, look: Look) -> Future[Part]:
        future: Future[Part] = Future()
        self.waiting.append((look, future))
        return future

    def go_on(self) -> None:
        for look, future in self.waiting:
            *frames, (end, _) = worker.looked(look)
            items = [unframed(answer, pa.py_buffer(bytes(body))) for answer, body in frames]
            future.set_result(Part(items, 0, end.found))
        self.waiting.clear()


@pytest.mark.parametrize("when", ["before it is read", "after it is read"])
@pytest.mark.parametrize("what", ["grows", "is replaced", "goes away", "becomes a folder"])
def test_a_file_that_changes_before_its_turn_is_read_as_it_is_then(tmp_path: Path, what: str, when: str) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    path = folder / "a.jsonl"
    events(path, 10)
    events(folder / "b.jsonl", 10, 50)

    def change(path: Path) -> None:
        if what == "grows":
            with path.open("a") as file:
                file.write('{"EventID":2,"TimeCreated":"2026-03-01T10:00:00Z","Hostname":"ws1"}\n')
        elif what == "is replaced":
            path.unlink()
            events(path, 10, 20)
        else:
            path.unlink()
            if what == "becomes a folder":
                path.mkdir()

    class Changing(Held):
        def submit(self, look: Look) -> Future[Part]:
            future = super().submit(look)
            last = look.name.endswith("b.jsonl")
            if when == "before it is read" and last:
                change(path)
            if last:
                self.go_on()
            if when == "after it is read" and last:
                change(path)
            return future

    told = outcome(
        find([folder], tmp_path / "spool", no_one, submit=Changing().submit),
        lambda source: plainly(source) if source.ready is None else list(source.ready.items),
    )
    if what in {"grows", "is replaced"}:
        assert told == alone(folder)
    else:
        reason = "no such file or directory" if what == "goes away" else "is a directory"
        assert told[0] == Problem(str(path), f"cannot be read: {reason}")
        assert told[1:] == alone(folder)[-2:] if what == "goes away" else len(told) == 3


@given(st.lists(st.sampled_from(["small", "large", "problem"]), max_size=200))
def test_the_order_stays_and_only_so_many_are_read_ahead(
    tmp_path_factory: pytest.TempPathFactory, kinds: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("files")
    (folder / "small").write_bytes(b"x")
    files = [
        Problem(str(number), "x") if kind == "problem" else OuterFile(folder / "small", 1 if kind == "small" else 10**9)
        for number, kind in enumerate(kinds)
    ]
    given: list[Look] = []

    def submit(look: Look) -> Future[Part]:
        given.append(look)
        return Future()

    taken: list[object] = []
    for each in early(iter(files), no_one, folder, submit):
        taken.append(each.outer if isinstance(each, early_module.Begun) else each)
        before = sum(isinstance(one, OuterFile) and one.size == 1 for one in taken)
        assert len(given) - before <= early_module.FILES
    assert taken == files
    assert len(given) == kinds.count("small")


def look(path: Path, spool: Path) -> Look:
    status = path.stat()
    size_time_number = (status.st_size, status.st_mtime_ns, status.st_ino)
    return Look(os.fsencode(path), path.name, "c" * 64, size_time_number, os.fsencode(spool))


def test_what_would_fill_the_memory_is_left_to_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, packed, spool = tmp_path / "lines", tmp_path / "bomb.gz", tmp_path / "spool"
    spool.mkdir()
    path.write_text('{"EventID":1,"Hostname":"a"}\n' * 1000)
    packed.write_bytes(gzip.compress(path.read_bytes() * 20))
    assert worker.looked(look(path, spool))[-1][0].found is not None
    assert worker.looked(look(packed, spool))[-1][0].found is not None
    monkeypatch.setattr(worker, "MOST_HELD", 100_000)
    monkeypatch.setattr(worker, "MOST_UNPACKED", 100_000)
    for each in spool.iterdir():
        each.unlink()
    for file in (path, packed):
        (answer,) = worker.looked(look(file, spool))
        assert (answer[0].kind, answer[0].found) == ("end", None)
    assert list(spool.iterdir()) == []


def test_a_record_kept_aside_comes_with_its_number_and_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    events(folder / "a", 3)
    with Workers(2) as two:
        (source,) = find([folder], tmp_path / "spool", no_one, submit=two.submit())
    assert isinstance(source, SourceFile)
    assert source.ready is not None
    (aside,) = [item for item in source.ready.items if isinstance(item, Aside)]
    assert (aside.record, aside.raw) == (1, b"no event\n")
