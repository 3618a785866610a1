"""Finding the readers, and the reader for a file."""

from __future__ import annotations

from functools import cache

from lodger.plugins import declared
from lodger.telemetry import readers as _package
from lodger.telemetry.reader import HEAD, Reader


@cache
def readers() -> tuple[Reader, ...]:
    """All readers, by name; raises :class:`lodger.errors.PluginError` as :func:`declared` does."""
    return declared(_package, Reader)


def named(name: str) -> Reader | None:
    """The reader of this name."""
    return next((reader for reader in readers() if reader.name == name), None)


def claims(head: bytes) -> tuple[Reader, ...]:
    """All readers that know a file by its first bytes, by name: of a well-formed file exactly one."""
    return tuple(reader for reader in readers() if reader.sniff(head[:HEAD]))


def choose(head: bytes, name: str = "") -> Reader | None:
    """The reader for a file with these first bytes; where none knows them, the one that knows a file of this name.

    A file can be made to look like two formats. The first by name takes it then: the rest of the files must not wait
    for such a one, and what its reader does not understand is kept aside and counted.
    """
    found = next(iter(claims(head)), None)
    if found is not None or not name:
        return found
    return next((each for each in readers() if each.named is not None and each.named(name, head[:HEAD])), None)
