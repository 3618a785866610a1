"""What Lodger's own programs do when they start, and a library must not do to the program that uses it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Absent:
    """For the import of pandas, as if it were not installed."""

    @staticmethod
    def find_spec(
        name: str,
        path: Sequence[str] | None = None,  # noqa: ARG004 (the import system gives it)
        target: ModuleType | None = None,  # noqa: ARG004
    ) -> ModuleSpec | None:
        """Raise :class:`ModuleNotFoundError` for pandas, find nothing else."""
        if name == "pandas":
            raise ModuleNotFoundError(f"{name} is not used here", name=name)
        return None


def without_pandas() -> None:
    """Let nothing in this process import pandas.

    Arrow does so, where pandas is installed, as soon as it makes an array of Python's objects: that would take half of
    the time of a short command, in each process, and nothing of Lodger uses it.
    """
    sys.meta_path.insert(0, _Absent)
