"""What is the same for all that one outermost file holds: its fingerprint, its budget, and what is told of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lodger.telemetry.unpack import BLOCK, Budget

#: What part of progress unpacking or fetching a file stands for; the rest is its reading. About what it takes of the
#: time with a gzipped Zeek log.
UNPACKING: Final = 0.25

#: What part of it hashing a file stands for, and the least that is told at once, in bytes: a small file is hashed
#: before anybody looks.
HASHING: Final = 0.1
_STEP: Final = 1024 * 1024


@dataclass(frozen=True)
class Work:
    """What all levels of one outermost file share."""

    spool: Path
    budget: Budget
    unpacked: Callable[[int], None]

    def watched(self, blocks: Iterator[bytes], packed: int, along: Callable[[int], float]) -> Iterator[bytes]:
        """The blocks, and progress while they come: ``along`` says which part of all is done at this many bytes."""
        told, size = 0, 0
        for block in blocks:
            size += len(block)
            now = int(unpacking(packed) * min(along(size), 1.0))
            if now > told:
                self.unpacked(now - told)
                told = now
            yield block


def along(size: int) -> Callable[[int], float]:
    """Which part of ``size`` bytes so many are."""
    return lambda done: done / max(size, 1)


def unpacking(packed: int) -> int:
    """How many of these bytes of progress unpacking stands for."""
    return int(packed * UNPACKING)


def hashed(path: Path, tell: Callable[[int], None]) -> tuple[str, int, int]:
    """A file's SHA-256 (hex), its size, and how many of its bytes of progress ``tell`` was told meanwhile."""
    digest, size, told = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            size += len(block)
            now = int(size * HASHING)
            if now - told >= _STEP:
                tell(now - told)
                told = now
    return digest.hexdigest(), size, told
