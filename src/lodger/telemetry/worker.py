"""A process that reads files, or parts of them, for another: ``python -m lodger.telemetry.worker``.

It takes jobs from its standard input and writes what comes out of them to its standard output, until the former ends:
so it never outlives the process that started it. Both speak in frames (:mod:`lodger.telemetry.frames`).
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa

from lodger.model.telemetry import Aside, Batch, SourceFile
from lodger.startup import without_pandas
from lodger.telemetry.discovery import choose, readers
from lodger.telemetry.frames import Answer, Found, Job, Look, framed, receive, send, state
from lodger.telemetry.packing import is_packed, never_telemetry, unpacker
from lodger.telemetry.reader import HEAD
from lodger.telemetry.unpack import Budget, TooMuchError, spooled

#: The most that a small file is unpacked to, and that what comes out of it takes until its turn, in bytes.
MOST_UNPACKED: Final = 8 * 1024 * 1024
MOST_HELD: Final = 12 * 1024 * 1024
_ITEM: Final = 256

_Frame = tuple[Answer, bytes | pa.Buffer]


def answers(job: Job) -> Iterator[_Frame]:
    """What comes out of a part, and its end, as frames."""
    reader = next(reader for reader in readers() if reader.name == job.reader)
    source, last = job.source(), 0
    if reader.parts is None:
        raise ValueError(f"{job.reader} reads no parts")
    try:
        for item in reader.read(source):
            if isinstance(item, Batch) and item.data.num_rows:
                last = max(last, item.data["record"][-1].as_py())
            elif isinstance(item, Aside):
                last = max(last, item.record)
            yield framed(item)
        yield Answer("end", number=reader.parts.numbers(source, last)), b""
    except OSError as error:
        yield Answer("error", os.strerror(error.errno) if error.errno else str(error), error.errno or 0), b""


def looked(look: Look) -> Sequence[_Frame]:
    """What comes out of a small file, and what it is, as frames.

    Only its end, without that, where anything is unusual (it is an archive, holds too much, has changed, is gone):
    whoever asked reads it then, when it is its turn, and tells what there is to tell.
    """
    source = None
    try:
        source = _plain(look)
        frames = None if source is None else _whole(source)
        if frames is not None and state(Path(os.fsdecode(look.path)).stat()) == look.state:
            return frames
    except (OSError, TooMuchError):
        pass  # as above
    if source is not None and source.container != source.fingerprint:
        source.path.unlink(missing_ok=True)
    return [(Answer("end"), b"")]


def _plain(look: Look) -> SourceFile | None:
    """The file, or what it was unpacked into; None where it is an archive, damaged or no longer what it was."""
    path, spool = Path(os.fsdecode(look.path)), Path(os.fsdecode(look.spool))
    with path.open("rb") as file:
        if state(os.fstat(file.fileno())) != look.state:
            return None
        unpack = unpacker(file.read(HEAD))
        if unpack is None:
            return SourceFile(path, look.name, look.container, look.container, look.state[0], spool=spool)
        file.seek(0)
        there = spooled(_few(unpack(file)), look.state[0], spool, Budget(look.state[0]))
    if there.problem is None and there.size:
        return SourceFile(there.path, look.name, there.fingerprint, look.container, there.size, spool=spool)
    there.path.unlink(missing_ok=True)
    return None


def _few(blocks: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for block in blocks:
        size += len(block)
        if size > MOST_UNPACKED:
            raise TooMuchError("unpacks to more than is read before its turn")
        yield block


def _whole(source: SourceFile) -> list[_Frame] | None:
    """What comes out of a file; None where it is packed, or too much comes out."""
    with source.path.open("rb") as file:
        head = file.read(HEAD)
    if is_packed(head) or never_telemetry(head) is not None:
        return None
    reader = choose(head, source.name)
    frames: list[_Frame] = []
    held = 0
    for item in () if reader is None else reader.read(source):
        frames.append(framed(item))
        held += len(frames[-1][1]) + _ITEM
        if held > MOST_HELD:
            return None
    unpacked = source.path.name if source.fingerprint != source.container else ""
    found = Found("" if reader is None else reader.name, source.fingerprint, source.size, unpacked)
    return [*frames, (Answer("end", found=found), b"")]


def main() -> None:
    """Work until there is no more."""
    without_pandas()
    # A part makes millions of objects and hardly a cycle: looking for those all the time costs a fifth of it.
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who gives the jobs stops giving them
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed must not get between the frames
    try:
        while (frame := receive(sys.stdin.buffer)) is not None:
            job = msgspec.msgpack.decode(frame[0], type=Job | Look)
            for header, body in answers(job) if isinstance(job, Job) else looked(job):
                send(out, header, body)
            out.flush()
            gc.collect()
            gc.freeze()  # what is left is here to stay, most of it modules
    except BrokenPipeError:  # nobody is there any more who would take the answers, the buffered ones included
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())


if __name__ == "__main__":
    main()
