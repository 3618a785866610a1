"""What a module in ``telemetry/readers`` declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from lodger.model.telemetry import Item, SourceFile
from lodger.telemetry.parts import Parts

#: How much of a file's beginning decides which reader it gets, in bytes.
HEAD: Final = 64 * 1024

#: How much of a record's raw bytes is kept with it when it is put aside.
RAW: Final = 64 * 1024


@dataclass(frozen=True)
class Reader:
    """One format of telemetry.

    ``sniff`` says whether the first :data:`HEAD` bytes of a file are of this format; at most one reader may claim a
    file. ``read`` yields what the file holds, in bounded memory, and raises nothing but :class:`OSError` for a file
    that cannot be opened: damage inside comes out as records kept aside. Every record that it sees is yielded exactly
    once, as a row or aside. ``maps`` says in one line where the records go. ``grows`` says that a file of this format
    is written on at its end: all but the last of its records keep their numbers and content when it is longer.
    ``named`` is asked about files that no reader knows by content: whether the name, and where it stands in an archive,
    says together with the first bytes that the file is of this format. ``parts`` says how a large file is cut into
    parts that several processes read, None where that cannot be done: ``read`` then honours a source's ``span``.
    """

    name: str
    title: str
    maps: str
    sniff: Callable[[bytes], bool]
    read: Callable[[SourceFile], Iterator[Item]]
    grows: bool = True
    named: Callable[[str, bytes], bool] | None = None
    parts: Parts | None = None
