"""Sleep against ordinary calls: the log Bayes factor of each pair, run as it is for few calls and compiled for many."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final, cast

import numba
import numpy as np

from lodger.evidence.intervals import (
    COLLAPSES,
    CUTS,
    MOST,
    OFFS,
    Counts,
    Floats,
    add,
    ascending,
    habits,
    hours,
    jitable,
    memoryless,
    ordinary,
    summed,
    table,
)
from lodger.evidence.sleeping import MEMORYLESS_FROM, sleeping

FLOOR: Final = -20.0
_BLOCKS: Final = 8
#: Weight of calls by pure chance among the ordinary: a fifth while they are few, then less by 1/e with every interval,
#: because what is ordinary goes on in bursts and by hours; but not below 3e-7, so that memoryless sleep is never more
#: than ln(0.06 / 3e-7) = 12 nats.
_FEW: Final = math.log(0.2)
_CHANCE: Final = math.log(3e-7)
#: Prior weights of the scales.
_COLLAPSE_PRIOR: Final = (0.5, 0.25, 0.25)
#: Below this, hours would change nothing that anybody looks at.
_HOURS_FROM: Final = 1.0
#: From so many calls on, compiling (ten to twenty seconds once on a machine, half a second from then on) is worth it.
_COMPILED_FROM: Final = 20_000

_told = logging.getLogger(__name__)
Judge = Callable[[Floats, Counts, Floats, Floats], Floats]


@jitable
def _evenly(intervals: Floats) -> Floats:
    """All intervals, or of too many, blocks spread evenly over them."""
    n = len(intervals)
    if n <= MOST:
        return intervals
    size = MOST // _BLOCKS
    taken = np.empty(MOST)
    for block in range(_BLOCKS):
        start = (n - size) * block // (_BLOCKS - 1)
        taken[block * size : (block + 1) * size] = intervals[start : start + size]
    return taken


@jitable
def _any(d: Floats, sums: Floats, gains: Floats, table: Floats) -> float:
    """Log evidence of ordinary calls, or of pure chance."""
    chance = max(_FEW - max(len(d) - MEMORYLESS_FROM, 0), _CHANCE)
    return add(ordinary(d, sums, gains, table), chance + memoryless(d, sums, gains, table, 2)[0])


@jitable
def _at_scale(times: Floats, m: int, scale: int, table: Floats, habits: Floats, found: Floats) -> None:
    """Log Bayes factor of m calls, and the best sleep's family, median and jitter, into ``found``."""
    found[0], found[1], found[2], found[3], found[4] = FLOOR, 0.0, 0.0, 0.0, m
    if m < 3:
        return
    intervals = _evenly(np.diff(times[:m]))
    n = len(intervals)
    d = ascending(intervals)
    sums = summed(d, COLLAPSES[scale])
    gains = np.zeros(len(OFFS) + len(CUTS))
    regular, family, sleep, jitter = sleeping(intervals, d, sums, gains, scale, table)
    if regular == -math.inf:
        return
    ordinary = _any(d, sums, gains, table)
    if regular - ordinary > _HOURS_FROM and n == m - 1 and d[n - 1] > CUTS[1]:
        for i in range(len(gains)):
            cut = OFFS[i] if i < len(OFFS) else CUTS[i - len(OFFS)]
            gains[i] = hours(times[:m], cut, table, habits) if cut < d[n - 1] else 0.0
        regular, family, sleep, jitter = sleeping(intervals, d, sums, gains, scale, table)
        ordinary = _any(d, sums, gains, table)
    if regular - ordinary > FLOOR:
        found[0], found[1], found[2], found[3] = regular - ordinary, family, sleep, jitter


def judge(times: Floats, offsets: Counts) -> Floats:
    """What the calls of each pair say: a row of log Bayes factor, family of sleep, its median, jitter, calls.

    ``times`` (seconds) are sorted within each pair; pair i has those from ``offsets[i]`` up to ``offsets[i + 1]``. The
    family is one of those of :mod:`lodger.evidence.sleeping`; for a sleep that changed, the later one's is its tenths.
    """
    by_hand = len(times) < _COMPILED_FROM
    return (interpreted if by_hand else compiled())(times, offsets.astype(np.int64), table(), habits())


@cache
def compiled() -> Judge:
    """:func:`interpreted`, compiled on first use and kept on disk: beside the source, else in the user's cache folder.

    Where neither can be written, it is compiled in every run; that is logged, because it costs seconds.
    """
    parts = [Path(__file__).with_name(name) for name in ("intervals.py", "sleeping.py", "renewal.py")]
    version = " ".join(f"{part.stat().st_mtime_ns} {part.stat().st_size}" for part in parts if part.exists())

    # what is kept is found again by the code and by what it closes over: numba does not see that other files changed
    def versioned(times: Floats, offsets: Counts, table: Floats, habits: Floats) -> Floats:
        return interpreted(times, offsets, table, habits) if len(version) >= 0 else np.zeros((0, 5))

    try:
        return cast("Judge", numba.njit(cache=True)(versioned))
    except RuntimeError as error:
        if "cannot cache" not in str(error):
            raise
        _told.warning("%s; it is compiled in every run: set NUMBA_CACHE_DIR to a folder that can be written", error)
        return cast("Judge", numba.njit(versioned))


@jitable
def interpreted(times: Floats, offsets: Counts, table: Floats, habits: Floats) -> Floats:
    """:func:`judge`, run as it stands here."""
    rows = np.zeros((len(offsets) - 1, 5))
    now, last = np.zeros(5), np.zeros(5)
    for pair in range(len(offsets) - 1):
        start, end = offsets[pair], offsets[pair + 1]
        kept = np.empty(end - start)
        total, best, known = -math.inf, -math.inf, -1
        for scale in range(len(COLLAPSES)):
            m = 0
            for i in range(start, end):
                if i == start or times[i] - times[i - 1] > COLLAPSES[scale]:
                    kept[m] = times[i]
                    m += 1
            if m != known:  # else nothing was collapsed: the same calls, the same answer
                _at_scale(kept, m, scale, table, habits, now)
                known = m
            value = now[0] + math.log(_COLLAPSE_PRIOR[scale])
            total = add(total, value)
            if value > best:
                best = value
                last[:] = now
        rows[pair] = last
        rows[pair, 0] = max(total, FLOOR)
    return rows
