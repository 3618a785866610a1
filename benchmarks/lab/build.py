"""Which state of the code measures."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Final

from benchmarks.lab.kept import Build

_ROOT: Final = Path(__file__).parents[2]
#: What a measurement depends on; tables and curves are made of what was measured, by whichever state of the code.
_MEASURING: Final = (
    "src/lodger",
    "benchmarks/lab/methods",
    *(f"benchmarks/lab/{name}.py" for name in ("design", "fleet", "rankings")),
)
_LIBRARIES: Final = ("duckdb", "pyarrow", "deltalake", "scikit-learn")
UNKNOWN: Final = "unknown"


def here() -> Build:
    """The last commit that changed what a measurement depends on, and whether nothing of that differs from it; the
    commit is not known outside a checkout of Git.
    """
    versions = {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}
    try:
        commit = _git("log", "-1", "--abbrev=10", "--format=%h")
        changed = _git("status", "--porcelain")
    except (OSError, subprocess.CalledProcessError):
        return Build(UNKNOWN, clean=False, versions=versions)
    return Build(commit or UNKNOWN, clean=bool(commit) and not changed, versions=versions)


def same(before: Build, after: Build) -> Build:
    """The build of what was measured between the two: not clean where the code has changed meanwhile."""
    return before if before == after else Build(before.commit, clean=False, versions=before.versions)


def _git(*words: str) -> str:
    command = ["git", *words, "--", *_MEASURING]
    return subprocess.run(command, cwd=_ROOT, capture_output=True, check=True, text=True).stdout.strip()
