"""What every reader promises, whatever the file holds; what breaks it raises AssertionError."""

from __future__ import annotations

import resource
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lodger.model.tables import TELEMETRY
from lodger.model.telemetry import Aside, Batch, SourceFile
from lodger.telemetry.discovery import choose
from lodger.telemetry.reader import HEAD, RAW, Reader

#: For one input, in seconds of this process's own time (how busy the machine is says nothing about the code).
SLOW: Final = 1.0
HANGS: Final = 10.0
#: More memory than one input may take, in bytes.
GREEDY: Final = 512 * 1024**2

_SOURCE: Final = "f" * 64


@dataclass
class Account:
    """Record number -> what became of it; where reading stopped."""

    records: dict[int, list[object]] = field(default_factory=dict)
    stop: str | None = None


@contextmanager
def bounded() -> Iterator[None]:
    """What happens within takes little time and little memory."""
    began, most = time.process_time(), _peak()
    before = signal.signal(signal.SIGPROF, _hangs)
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    taken = time.process_time() - began
    assert taken < SLOW, f"one input takes {taken:.1f} s"
    assert _peak() - most < GREEDY, f"one input takes {(_peak() - most) / 1024**2:.0f} MiB"


def hold(reader: Reader, path: Path, content: bytes, cut: int) -> None:
    """The reader's contract for a file with this content; where it grows, also for its first ``cut`` bytes."""
    with bounded():
        claimed = reader.sniff(content[:HEAD])
        account = read(reader, path, content)
    assert read(reader, path, content) == account, "the same file read twice differs"
    begun = content[:cut]
    if reader.grows and claimed and choose(content[:HEAD]) is reader and choose(begun[:HEAD]) is reader:
        _grown(read(reader, path, begun), account)


def read(reader: Reader, path: Path, content: bytes) -> Account:
    """Read the content with the reader and check all that it yields."""
    path.write_bytes(content)
    account = Account()
    last: dict[str, int] = {}
    for item in reader.read(SourceFile(path, "file", _SOURCE, _SOURCE, len(content))):
        assert account.stop is None, "something comes behind the reason for stopping"
        if isinstance(item, str):
            assert item
            account.stop = item
        elif isinstance(item, Aside):
            assert item.record > 0
            assert item.reason
            assert "\n" not in item.reason
            assert len(item.raw or b"") <= RAW
            account.records.setdefault(item.record, []).append(("aside", item.reason))
        else:
            _rows(item, last, account)
    twice = {record: told for record, told in account.records.items() if len(told) > 1}
    assert not twice, f"records that are told more than once: {twice}"
    return account


def _rows(batch: Batch, last: dict[str, int], account: Account) -> None:
    schema = TELEMETRY[batch.table]
    assert batch.data.schema.equals(schema)
    batch.data.validate(full=True)
    assert batch.data.num_rows > 0
    for entry in schema:
        assert entry.nullable or batch.data[entry.name].null_count == 0, f"{entry.name} of {batch.table} is null"
    for row in batch.data.to_pylist():
        assert row["record"] > last.get(batch.table, 0), "record numbers do not ascend"
        last[batch.table] = row["record"]
        assert row["source"] == _SOURCE
        assert row["day"] == row["time"].date()
        assert len(dict(row["other"])) == len(row["other"]), "a map holds a key twice"
        if batch.table == "file_inspection":  # whose time may be that of looking into the file
            del row["time"], row["day"]
        account.records.setdefault(row["record"], []).append((batch.table, repr(row)))


def _grown(begun: Account, whole: Account) -> None:
    """All but the last record of a file are the same when it is longer."""
    last = max(begun.records, default=0)
    before = {record: told for record, told in begun.records.items() if record < last}
    after = {record: told for record, told in whole.records.items() if record < last}
    assert before == after, "records that were whole change when the file grows"


def _hangs(number: int, frame: object) -> None:
    raise AssertionError(f"one input takes more than {HANGS:.0f} s")


def _peak() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
