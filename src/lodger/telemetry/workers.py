"""Reading at full width: large files in parts by several processes, small ones and others ahead of their turn."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from lodger.model.telemetry import Aside, Batch, Item, SourceFile, Span
from lodger.startup import kept_memory
from lodger.telemetry.ahead import ahead
from lodger.telemetry.early import Part, Submit
from lodger.telemetry.frames import Answer, Job, Look, receive, send, unframed
from lodger.telemetry.parts import PART
from lodger.telemetry.reader import Reader

#: Of a smaller file nothing is gained by reading it in parts, or ahead; in bytes.
LARGE: Final = PART // 2

#: More processes would only wait for the one that writes what they have read, and take 200 MB each.
MOST_WORKERS: Final = 3

#: What is read of one file before it is asked for: what is made while a commit is written, in bytes.
AHEAD: Final = 96 * 1024 * 1024
#: Parts that are read, or wait for it, before they are asked for: what is read while a commit is written.
_PARTS_AHEAD: Final = 20
_ITEM: Final = 256
_PIPE: Final = 1024 * 1024


class Workers:
    """Processes that read files and parts of them, to be used in ``with``; they start when the first of either comes.

    ``count`` is how many, as many as there are cores if not given. With one, or where Python is embedded in another
    program, everything is read in this process.
    """

    def __init__(self, count: int | None = None) -> None:
        self._count = (min(_cores(), MOST_WORKERS) if count is None else count) if sys.executable else 1
        self._processes: list[_Process] = []
        self._idle: SimpleQueue[_Process] = SimpleQueue()
        self._threads: ThreadPoolExecutor | None = None
        self._over = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over = True
        for process in self._processes:
            process.kill()
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            process.close()

    def begin(self) -> None:
        """Let the processes start now, because a large file will come."""
        if self._count > 1:
            self._begun()

    def submit(self) -> Submit | None:
        """What gives a small file to a process; None where everything is read in this one."""
        if self._count < 2:
            return None
        return lambda look: self._begun().submit(self._part, look)

    def read(self, reader: Reader, source: SourceFile) -> Iterator[Item]:
        """What ``reader`` finds in a file, as if it read the file by itself.

        Raises :class:`OSError` as the reader does, and where a process ends in the middle of a part: that may have been
        the file's fault or anybody's, so the file is not done with.
        """
        if source.ready is not None:
            return iter(source.ready.items)
        if source.size < LARGE:
            return reader.read(source)
        if self._count > 1 and reader.parts is not None:
            spans = deque(reader.parts.spans(source))
            if len(spans) > 1:
                return self._in_parts(reader, source, spans)
        return ahead(reader.read(source), AHEAD, _size)

    def _in_parts(self, reader: Reader, source: SourceFile, spans: deque[Span]) -> Iterator[Item]:
        threads = self._begun()
        waiting: deque[Future[Part]] = deque()
        base = 0
        try:
            while spans or waiting:
                while spans and len(waiting) < _PARTS_AHEAD:
                    waiting.append(threads.submit(self._part, Job.of(reader.name, source, spans.popleft())))
                part = waiting.popleft().result()
                for item in part.items:
                    yield shifted(item, base)
                    if isinstance(item, str):
                        return
                base += part.numbers
        finally:
            for future in waiting:
                future.cancel()

    def _begun(self) -> ThreadPoolExecutor:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="part")
            for _ in range(self._count):
                self._begin()
        return self._threads

    def _begin(self) -> None:
        process = _Process()
        self._processes.append(process)
        self._idle.put(process)

    def _part(self, job: Job | Look) -> Part:
        process = self._idle.get()
        try:
            return process.part(job)
        finally:
            if process.ended() is None:
                self._idle.put(process)
            elif not self._over:
                self._begin()


class _Process:
    """One process that reads parts."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "lodger.telemetry.worker"],  # -P: the working directory may hold evidence
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | kept_memory() | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            pipesize=_PIPE,
        )

    def kill(self) -> None:
        """End the process; whoever waits for it learns that it has died."""
        self._process.kill()

    def close(self) -> None:
        """Leave nothing of an ended process behind."""
        with suppress(BrokenPipeError), self._process:  # of one that was killed before it took its job
            pass

    def ended(self) -> int | None:
        """How the process ended; None while it has not."""
        return self._process.poll()

    def part(self, job: Job | Look) -> Part:
        """Read a part, or a file; raises :class:`OSError` as the reader there does, or when the process ends."""
        items: list[Item] = []
        try:
            jobs = cast("BinaryIO", self._process.stdin)
            send(jobs, job)
            jobs.flush()
        except BrokenPipeError as error:
            raise self._died() from error
        while (frame := receive(cast("BinaryIO", self._process.stdout))) is not None:
            answer = msgspec.msgpack.decode(frame[0], type=Answer)
            if answer.kind == "end":
                return Part(items, answer.number, answer.found)
            if answer.kind == "error":
                raise OSError(answer.number, answer.text)
            items.append(unframed(answer, frame[1]))
        raise self._died()

    def _died(self) -> OSError:
        status = self._process.wait()
        how = signal.Signals(-status).name if status < 0 else f"status {status}"
        return OSError(f"the process that read it ended ({how}), the same command reads it again")


def _size(item: Item) -> int:
    if isinstance(item, Batch):
        return int(item.data.nbytes)
    return len(item.raw or b"") + _ITEM if isinstance(item, Aside) else _ITEM


def shifted(item: Item, base: int) -> Item:
    """An item of a part that begins behind the record numbered ``base``."""
    if isinstance(item, str) or base == 0:
        return item
    if isinstance(item, Aside):
        return Aside(item.record + base, item.reason, item.raw)
    place = item.data.schema.get_field_index("record")
    arrays = [*item.data.columns]
    arrays[place] = pc.add(arrays[place], base)
    return Batch(item.table, pa.RecordBatch.from_arrays(arrays, schema=item.data.schema), item.bytes)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
