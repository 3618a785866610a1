"""Running a target: a fixed number of inputs, or for some time."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.fuzz.mutation import mutated
from tests.fuzz.targets import Target

#: Inputs between two looks at the clock for a new seed.
_ROUND = 2_000


@dataclass(frozen=True)
class Finding:
    """The smallest input that breaks the target, and how."""

    content: bytes
    trace: str


@dataclass(frozen=True)
class Outcome:
    """What came of a target's run."""

    inputs: int
    finding: Finding | None


def run(target: Target, folder: Path, seconds: float, first: int = 1) -> Outcome:
    """Fuzz until ``seconds`` have passed or something is found; seeds count up from ``first``.

    The input at work lies in ``folder/input``, for whoever finds this process dead.
    """
    end = time.monotonic() + seconds
    done, number = 0, first
    while time.monotonic() < end:
        outcome = some(target, folder, _ROUND, number, end)
        done += outcome.inputs
        if outcome.finding is not None:
            return Outcome(done, outcome.finding)
        number += 1
    return Outcome(done, None)


def some(target: Target, folder: Path, count: int, number: int, end: float | None = None) -> Outcome:
    """Fuzz with ``count`` inputs that the seed ``number`` alone decides, until ``end`` (monotonic seconds)."""
    done = 0
    latest, trace = b"", ""

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(mutated(target.samples))
    def check(content: bytes) -> None:
        nonlocal done, latest, trace
        if end is not None and time.monotonic() > end and not trace:
            return
        done += 1
        (folder / "input").write_bytes(content)
        try:
            target.check(content, folder)
        except BaseException:  # whatever it is: a parser was to raise nothing
            latest, trace = content, _short(traceback.format_exc(chain=False))
            raise

    try:
        check()
    except Exception:  # hypothesis tells of the shrunk failure in its own ways; what is a finding was noted above
        if not trace:
            raise
    return Outcome(done, Finding(latest, trace) if trace else None)


def _short(trace: str) -> str:
    """The end of a traceback; what it quotes from the input is cut."""
    return "\n".join(line[:300] for line in trace.splitlines()[-20:])
