"""What Lodger's own programs do when they start, and a library must not do to the program that uses it."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

#: Options of glibc's malloc in bytes, as mallopt(3) takes them and by their names in the environment: less is mapped by
#: itself than the most that glibc allows, more is kept when it is free, and more is asked for at once.
_MALLOC: Final = (
    (-3, "MALLOC_MMAP_THRESHOLD_", 32 * 1024 * 1024),
    (-1, "MALLOC_TRIM_THRESHOLD_", 256 * 1024 * 1024),
    (-2, "MALLOC_TOP_PAD_", 16 * 1024 * 1024),
)
_POOL: Final = "ARROW_DEFAULT_MEMORY_POOL"


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


def keep_memory() -> None:
    """Let Arrow's memory come from C's allocator, which keeps what is free for the next batch; before Arrow is loaded.

    Where memory goes back to the system after each batch, as with Arrow's own allocator, the system zeroes it again
    for the next one: a fifth of the time of reading large files. What the user has chosen stays.
    """
    set_option = _mallopt()
    if set_option is not None and _POOL not in os.environ:
        for option, _, size in _MALLOC:
            set_option(option, size)
        os.environ[_POOL] = "system"


def kept_memory() -> dict[str, str]:
    """The same for a process that is to be started: what its environment needs beside this one's."""
    if _mallopt() is None or os.environ.get(_POOL, "system") != "system":
        return {}
    return {_POOL: "system"} | {name: str(size) for _, name, size in _MALLOC if name not in os.environ}


def _mallopt() -> Callable[[int, int], int] | None:
    """What sets glibc's options; other C libraries have no such thing."""
    return getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
