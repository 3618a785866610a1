"""Finding the formats, and the format of a file."""

from __future__ import annotations

from functools import cache

from lodger.plugins import declared
from lodger.trust import formats as _package
from lodger.trust.form import Buffer, Format


@cache
def formats() -> tuple[Format, ...]:
    """All formats, by name; raises :class:`lodger.errors.PluginError` as :func:`declared` does."""
    return declared(_package, Format)


def choose(data: Buffer, name: str) -> Format | None:
    """The format of a file, by its content and, for scripts and catalogs, its name."""
    return next((each for each in formats() if each.sniff(data, name.lower())), None)
