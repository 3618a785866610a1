"""Small files that other processes read before their turn.

Of a large file several processes read parts at the same time (:mod:`lodger.telemetry.workers`); a collection of small
ones is read file by file, a few ahead of whoever takes their records, in order.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from lodger.model.telemetry import Item, Ready, SourceFile
from lodger.telemetry.frames import Found, Look, State, state
from lodger.telemetry.outermost import hashed
from lodger.telemetry.walk import OuterFile, Problem, display

#: What is read before its turn: files of at most so many bytes, so many of them. What comes out of each is bounded too.
SMALL: Final = 4 * 1024 * 1024
FILES: Final = 48


class Part(NamedTuple):
    """What a process found in a part of a file or a whole one: how many record numbers a part takes, and what a whole
    one is, None where it is to be read in the usual way.
    """

    items: list[Item]
    numbers: int
    found: Found | None = None


#: Gives a file to a process that reads it.
Submit = Callable[[Look], "Future[Part]"]


@dataclass(frozen=True)
class Begun:
    """A small file whose SHA-256 (hex) is known, and which is being read, unless it was ingested before."""

    outer: OuterFile
    container: str
    state: State
    spool: Path
    part: Future[Part] | None

    def source(self) -> SourceFile | None:
        """The file with what was read of it; None where it is to be read in the usual way.

        Waits for the process; raises :class:`OSError` where that has ended, which may have been the file's fault.
        """
        part = None if self.part is None else self.part.result()
        if part is None or part.found is None:
            return None
        found, name = part.found, display(self.outer.path)
        path = self.spool / found.unpacked if found.unpacked else self.outer.path
        ready = Ready(found.reader, part.items)
        return SourceFile(
            path, name, found.fingerprint, self.container, found.size, self.outer.size, self.spool, ready=ready
        )

    def changed(self) -> bool:
        """Whether the file is another than when it was hashed, or gone."""
        try:
            return state(self.outer.path.stat()) != self.state
        except OSError:
            return True


def early(
    files: Iterator[OuterFile | Problem], known: Callable[[str], bool], spool: Path, submit: Submit
) -> Iterator[OuterFile | Problem | Begun]:
    """The same files, in their order; the small ones that are not ``known`` (by SHA-256) are given to ``submit``.

    What is unpacked goes to ``spool``, where whoever takes it deletes it.
    """
    waiting: deque[OuterFile | Problem | Begun] = deque()
    for file in files:
        small = isinstance(file, OuterFile) and file.size <= SMALL
        waiting.append(_begun(file, known, spool, submit) if small and isinstance(file, OuterFile) else file)
        if len(waiting) > FILES:
            yield waiting.popleft()
    yield from waiting


def _begun(file: OuterFile, known: Callable[[str], bool], spool: Path, submit: Submit) -> OuterFile | Begun:
    try:
        now = state(file.path.stat())
        container, size, _ = hashed(file.path, lambda _: None)
    except OSError:
        return file  # whoever takes it tells why it cannot be read
    if size != now[0] or size > SMALL:
        return file
    look = Look(os.fsencode(file.path), display(file.path), container, now, os.fsencode(spool))
    return Begun(file, container, now, spool, None if known(container) else submit(look))
