"""Finding the formats, and the format of a file."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from lodger.errors import PluginError
from lodger.trust import formats as _package
from lodger.trust.form import Buffer, Format


@cache
def formats() -> tuple[Format, ...]:
    """All formats; raises :class:`PluginError` naming the module that declares none, or takes another's name."""
    found: dict[str, Format] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(_package.__path__)):
        form = getattr(importlib.import_module(f"{_package.__name__}.{module}"), "FORMAT", None)
        if not isinstance(form, Format):
            raise PluginError(f"{module}.py: declares no FORMAT")
        if form.name in found:
            raise PluginError(f"{module}.py: another format is already called {form.name!r}")
        found[form.name] = form
    return tuple(found.values())


def choose(data: Buffer, name: str) -> Format | None:
    """The format of a file, by its content and, for scripts and catalogs, its name."""
    return next((each for each in formats() if each.sniff(data, name.lower())), None)
