"""Finding the readers, and the reader for a file."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from lodger.errors import PluginError
from lodger.telemetry import readers as _package
from lodger.telemetry.reader import HEAD, Reader


@cache
def readers() -> tuple[Reader, ...]:
    """All readers, by name.

    Raises :class:`PluginError` naming the module that cannot be imported, declares no reader, or takes another's name.
    """
    found: dict[str, Reader] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(_package.__path__)):
        reader = _load(f"{_package.__name__}.{module}")
        if reader.name in found:
            raise PluginError(f"{module}.py: another reader is already called {reader.name!r}")
        found[reader.name] = reader
    return tuple(found.values())


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


def _load(name: str) -> Reader:
    try:
        module = importlib.import_module(name)
    except (ImportError, SyntaxError, AttributeError, NameError, TypeError, ValueError) as error:
        raise PluginError(f"{name.rsplit('.', 1)[-1]}.py: cannot be loaded: {error}") from error
    reader = getattr(module, "READER", None)
    if not isinstance(reader, Reader):
        raise PluginError(f"{name.rsplit('.', 1)[-1]}.py: declares no READER")
    return reader
