"""Finding what the modules of a package declare: one file each, none of them named anywhere."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Protocol, TypeVar

from lodger.errors import PluginError


class _Named(Protocol):
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=_Named)


def declared(package: ModuleType, kind: type[T]) -> tuple[T, ...]:
    """What each module of ``package`` has under the name of its ``kind`` in capitals, in the order of the modules.

    Raises :class:`PluginError` naming the module that cannot be imported, declares none, or takes another's name.
    """
    found: dict[str, T] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        each = _load(package.__name__, module, kind)
        if each.name in found:
            raise PluginError(f"{module}.py: another {kind.__name__.lower()} is already called {each.name!r}")
        found[each.name] = each
    return tuple(found.values())


def _load(package: str, name: str, kind: type[T]) -> T:
    try:
        module = importlib.import_module(f"{package}.{name}")
    except (ImportError, SyntaxError, AttributeError, NameError, TypeError, ValueError) as error:
        raise PluginError(f"{name}.py: cannot be loaded: {error}") from error
    each = getattr(module, kind.__name__.upper(), None)
    if not isinstance(each, kind):
        raise PluginError(f"{name}.py: declares no {kind.__name__.upper()}")
    return each
