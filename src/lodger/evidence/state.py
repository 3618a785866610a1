"""What is kept of a pair's calls so that a day's work is that day's calls: the answer is that of all calls at once.

Per scale a state has the intervals that :mod:`lodger.evidence.renewal` would look at, and no others: of more than
:data:`lodger.evidence.intervals.MOST` every second block, then every fourth, and so on. Which blocks are taken depends
only on how many intervals there are, and what is let go is never asked for again, so nothing is lost by having let it
go earlier. A day's calls come after all that were folded before; those that are earlier are refused.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from lodger.evidence.daily import FEWEST
from lodger.evidence.intervals import BLOCK, COLLAPSES, MOST, SHORTEST, Counts, Floats, habits, table
from lodger.evidence.renewal import (
    COLLAPSE_PRIOR,
    DAILY_PRIOR,
    FLOOR,
    at_scale,
    in_working_hours,
    joined,
    taken,
)

_SECOND: Final = 1e6


@dataclass(frozen=True)
class Kept:
    """One scale: how many intervals there were, the time of the last call, and the intervals that are looked at."""

    intervals: int
    last: int
    looked_at: Counts


@dataclass(frozen=True)
class State:
    """A pair's calls so far, in microseconds: the first, the last, and what is kept at each scale."""

    first: int
    last: int
    scales: tuple[Kept, ...]


def fold(state: State | None, times: Counts) -> State:
    """The state after calls at ``times`` (sorted microseconds) too; ``state`` is None before the first.

    Raises ValueError for no times, and for times before the last one that was folded: the pair is then to be folded
    from its beginning.
    """
    if not len(times):
        raise ValueError("no calls to fold")
    if state is None:
        first = int(times[0])
        state = State(first, first, tuple(Kept(0, first, np.zeros(0, np.int64)) for _ in COLLAPSES))
    if times[0] < state.last:
        raise ValueError("calls are folded in the order of time")
    gaps = np.diff(np.concatenate([[state.last], times]) / _SECOND)
    scales = tuple(_more(kept, times[gaps > g]) for kept, g in zip(state.scales, COLLAPSES, strict=True))
    return State(state.first, int(times[-1]), scales)


def _more(kept: Kept, calls: Counts) -> Kept:
    if not len(calls):
        return kept
    total = kept.intervals + len(calls)
    new = np.diff(np.concatenate([[kept.last], calls]))
    indices = np.concatenate([_indices(kept.intervals), np.arange(kept.intervals, total)])
    intervals = np.concatenate([kept.looked_at, new])
    return Kept(total, int(calls[-1]), intervals[indices // BLOCK % taken(total) == 0])


def _indices(n: int) -> Counts:
    """Which of n intervals are looked at."""
    stride = taken(n)
    blocks = np.arange(0, n, stride * BLOCK, dtype=np.int64)
    indices: npt.NDArray[np.int64] = (blocks[:, None] + np.arange(BLOCK)).ravel()
    return indices[indices < n]


def weighed(state: State) -> Floats:
    """The row of :func:`lodger.evidence.renewal.judge` for all calls that were folded."""
    now, last = np.zeros(5), np.zeros(5)
    total, best, prior, shortest = -math.inf, -math.inf, 0.0, 0.0
    times: Floats = np.zeros(0)
    for scale, kept in enumerate(state.scales):
        prior += COLLAPSE_PRIOR[scale]
        shortest = shortest or SHORTEST[scale]
        if kept.intervals == (state.scales[scale + 1].intervals if scale + 1 < len(state.scales) else -1):
            continue
        calls = kept.intervals + 1
        times = (state.first + np.concatenate([[0], np.cumsum(kept.looked_at)])) / _SECOND
        whole = len(times) == calls  # else no hours are asked for
        intervals = np.diff(times) if whole else kept.looked_at / _SECOND
        at_scale(times if whole else times[:1], intervals, calls, (COLLAPSES[scale], shortest), table(), habits(), now)
        total, best = joined(now, prior, total, best, last)
        prior, shortest = 0.0, 0.0
    if FEWEST <= state.scales[-1].intervals + 1 <= MOST + 1:
        in_working_hours(times, table(), habits(), now)
        total, best = joined(now, DAILY_PRIOR, total, best, last)
    last[0] = max(total, FLOOR)
    return last
