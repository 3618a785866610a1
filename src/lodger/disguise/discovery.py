"""Finding the formats, and the format of a file."""

from __future__ import annotations

from functools import cache
from typing import Final

from lodger.disguise import formats as _package
from lodger.disguise.form import HEAD, Format, Group
from lodger.disguise.octets import Octets
from lodger.plugins import declared

#: Fewer bytes than this are of no format to whoever does not know the name; and its very first ones.
_LEAST: Final = 64
_FIRST: Final = 4


@cache
def formats() -> tuple[Format, ...]:
    """All formats, by name; raises :class:`lodger.errors.PluginError` as :func:`declared` does."""
    return declared(_package, Format)


@cache
def _plain() -> tuple[Format, ...]:
    return tuple(each for each in formats() if not each.claimed)


def choose(data: Octets, by_name: Format | None) -> Format | None:
    """The format of a file whose name says ``by_name``: by its first bytes, else by its name and what follows."""
    head = data.head(data.start, HEAD)
    posing = by_name is not None and by_name.group is not Group.PROGRAM
    found = next((each for each in (formats() if posing else _plain()) if each.sniff(head)), None)
    if found is None and by_name is not None and by_name.begun is not None and by_name.begun(data):
        return by_name
    return found


def begins(head: bytes) -> bool:
    """Whether a file with these first bytes is of a known format by its very first ones, whatever its name.

    A sniff may look further in, as for a PDF's header: what it also finds without the first bytes is not meant.
    """
    if len(head) < _LEAST:
        return False
    return any(each.sniff(head[:HEAD]) and not each.sniff(head[_FIRST:HEAD]) for each in _plain())


@cache
def by_extension() -> dict[str, Format]:
    """The format that a file name extension claims."""
    return {name: each for each in formats() for name in each.names}
