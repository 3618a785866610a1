"""Lodger: keeps the whole life of every program on every host, and ranks the lives by the evidence in them."""

from __future__ import annotations

from pathlib import Path

from lodger.workspace import Workspace


def open(path: str | Path) -> Workspace:  # noqa: A001 - read as lodger.open
    """The case at ``path``; raises lodger.errors.CaseError where there is none."""
    return Workspace.open(Path(path))


__all__ = ["Workspace", "open"]
