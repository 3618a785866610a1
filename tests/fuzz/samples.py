"""What fuzzing starts from: every content that the readers read in their own tests.

The tests are run once with ``LODGER_SAMPLES`` naming a folder, into which ``tests/telemetry/conftest.py`` writes. A
reader that is added with tests is thereby fuzzed from their records, without a line here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
#: Longer samples are left out, in bytes: many short ones a second find more than few long ones.
LONGEST: Final = 96 * 1024


def record(folder: Path) -> None:
    """Run the readers' tests, those without hypothesis, and keep in ``folder`` what they read."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not hypothesis"]
    done = subprocess.run(
        [*command, "tests/telemetry/readers"],
        cwd=ROOT,
        env=os.environ | {"LODGER_SAMPLES": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the readers' own tests fail; mend those first:\n{done.stdout}{done.stderr}")


def recorded(folder: Path, reader: str) -> tuple[bytes, ...]:
    """The samples of one reader, the shortest first: the order is the same on every machine."""
    found = [path.read_bytes() for path in sorted((folder / reader).glob("*"))]
    return tuple(sorted((each for each in found if len(each) <= LONGEST), key=lambda each: (len(each), each)))
