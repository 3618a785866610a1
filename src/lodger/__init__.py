"""Lodger: keeps the whole life of every program on every host, and ranks the lives by the evidence in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lodger.workspace import Workspace


def open(path: str | Path) -> Workspace:  # noqa: A001 - read as lodger.open
    """The case at ``path``; raises lodger.errors.CaseError where there is none."""
    from lodger.workspace import Workspace

    return Workspace.open(Path(path))


def __getattr__(name: str) -> object:
    """``lodger.Workspace``, loaded when it is asked for: processes that only read files do without the engine."""
    if name == "Workspace":
        from lodger.workspace import Workspace

        return Workspace
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = ["Workspace", "open"]
