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

from lodger.evidence.daily import FEWEST, daily
from lodger.evidence.intervals import (
    BLOCK,
    COLLAPSES,
    CUTS,
    MOST,
    OFFS,
    SHORTEST,
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
from lodger.evidence.sleeping import DAILY, MEMORYLESS_FROM, sleeping

FLOOR: Final = -20.0
#: Weight of calls by pure chance among the ordinary: a fifth while they are few, and always where they are hours apart
#: on average, as visits of people are; else less by 1/e with every interval, because what is ordinary goes on in bursts
#: and by hours; but not below 3e-9, so that memoryless sleep is never more than ln(0.12 / 3e-9) = 17 nats.
_FEW: Final = math.log(0.2)
_CHANCE: Final = math.log(3e-9)
_SWIFT: Final = 1.5 * 3600.0
_SLOW: Final = 3 * 3600.0
#: Weight of calls that are spread over working hours by chance as a person's, some a day: a person comes in bursts.
_PEOPLE: Final = -6.0
#: Prior weights of the scales.
COLLAPSE_PRIOR: Final = (0.5, 0.25, 0.25)
#: Weight of calls at random in working hours.
DAILY_PRIOR: Final = 0.125
#: Below this, hours would change nothing that anybody looks at.
_HOURS_FROM: Final = 0.0
#: From so many calls on, compiling (ten to twenty seconds once on a machine, half a second from then on) is worth it.
_COMPILED_FROM: Final = 20_000

_told = logging.getLogger(__name__)
Judge = Callable[[Floats, Counts, Floats, Floats], Floats]


@jitable
def taken(n: int) -> int:
    """Every how many-th block of :data:`BLOCK` of n intervals is looked at: a power of two."""
    stride = 1
    while n > stride * MOST:
        stride *= 2
    return stride


@jitable
def _thinned(intervals: Floats) -> Floats:
    """All intervals, or of too many, blocks spread evenly over them."""
    n = len(intervals)
    stride = taken(n)
    if stride == 1:
        return intervals
    kept, k = np.empty(MOST), 0
    for start in range(0, n, stride * BLOCK):
        for i in range(start, min(start + BLOCK, n)):
            kept[k] = intervals[i]
            k += 1
    return kept[:k]


@jitable
def _any(d: Floats, sums: Floats, gains: Floats, table: Floats) -> float:
    """Log evidence of ordinary calls, or of pure chance."""
    found, mean = memoryless(d, sums, gains, table, 2)
    if found == -math.inf:
        return ordinary(d, sums, gains, table)
    slow = min(max(math.log(max(mean, 1.0) / _SWIFT) / math.log(_SLOW / _SWIFT), 0.0), 1.0)
    chance = max(_FEW - max(len(d) - MEMORYLESS_FROM, 0), _CHANCE + slow * (_FEW - _CHANCE))
    return add(ordinary(d, sums, gains, table), chance + found)


@jitable
def _by_hours(times: Floats, d: Floats, gains: Floats, table: Floats, habits: Floats) -> None:
    """What the hours of the calls add, into ``gains``."""
    for i in range(len(gains)):
        cut = OFFS[i] if i < len(OFFS) else CUTS[i - len(OFFS)]
        gains[i] = hours(times, cut, table, habits) if cut < d[len(d) - 1] else 0.0


@jitable
def at_scale(
    times: Floats,
    intervals: Floats,
    calls: int,
    scale: tuple[float, float],
    table: Floats,
    habits: Floats,
    found: Floats,
) -> None:
    """Log Bayes factor of calls so far apart, and the best sleep's family, median, jitter, and how many calls there
    are, into ``found``; ``times`` are asked for hours where there is one for every interval, and one more.
    ``scale``: up to which gap calls were taken as one, and the shortest sleep that is asked for.
    """
    found[0], found[1], found[2], found[3], found[4] = FLOOR, 0.0, 0.0, 0.0, calls
    n = len(intervals)
    if n < 2:
        return
    d = ascending(intervals)
    sums = summed(d, scale[0])
    gains = np.zeros(len(OFFS) + len(CUTS))
    regular, family, sleep, jitter = sleeping(intervals, d, sums, gains, scale, table)
    if regular == -math.inf:
        return
    ordinary = _any(d, sums, gains, table)
    if regular - ordinary > _HOURS_FROM and n == len(times) - 1 and d[n - 1] > CUTS[1]:
        _by_hours(times, d, gains, table, habits)
        regular, family, sleep, jitter = sleeping(intervals, d, sums, gains, scale, table)
        ordinary = _any(d, sums, gains, table)
    if regular - ordinary > FLOOR:
        found[0], found[1], found[2], found[3] = regular - ordinary, family, sleep, jitter


@jitable
def in_working_hours(times: Floats, table: Floats, habits: Floats, found: Floats) -> None:
    """The same of calls at random in working hours; ``times`` are those of the longest scale."""
    found[0] = FLOOR
    chance, people, sleep = daily(times, table)
    if chance == -math.inf:
        return
    d = ascending(np.diff(times))
    sums = summed(d, COLLAPSES[len(COLLAPSES) - 1])
    gains = np.zeros(len(OFFS) + len(CUTS))
    _by_hours(times, d, gains, table, habits)
    ordinary = add(_any(d, sums, gains, table), people + _PEOPLE)
    found[0], found[1], found[2], found[3], found[4] = chance - ordinary, DAILY, sleep, 1.0, len(times)


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
    parts = [Path(__file__).with_name(name) for name in ("intervals.py", "sleeping.py", "daily.py", "renewal.py")]
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
        total, best, m = -math.inf, -math.inf, 0
        prior, shortest = 0.0, 0.0
        counts = _counted(times[start:end])
        for scale in range(len(COLLAPSES)):
            prior += COLLAPSE_PRIOR[scale]
            shortest = SHORTEST[scale] if shortest == 0 else shortest
            if scale + 1 < len(COLLAPSES) and counts[scale] == counts[scale + 1]:
                continue  # nothing more was collapsed: the same calls, judged once, by what is known of their intervals
            m = 0
            for i in range(start, end):
                if i == start or times[i] - times[i - 1] > COLLAPSES[scale]:
                    kept[m] = times[i]
                    m += 1
            at_scale(kept[:m], _thinned(np.diff(kept[:m])), m, (COLLAPSES[scale], shortest), table, habits, now)
            total, best = joined(now, prior, total, best, last)
            prior, shortest = 0.0, 0.0
        if FEWEST <= m <= MOST + 1:
            in_working_hours(kept[:m], table, habits, now)
            total, best = joined(now, DAILY_PRIOR, total, best, last)
        rows[pair] = last
        rows[pair, 0] = max(total, FLOOR)
    return rows


@jitable
def _counted(times: Floats) -> tuple[int, int, int]:
    """How many calls there are at each scale."""
    one, two, three = 1, 1, 1
    for i in range(1, len(times)):
        gap = times[i] - times[i - 1]
        one += 1 if gap > COLLAPSES[0] else 0
        two += 1 if gap > COLLAPSES[1] else 0
        three += 1 if gap > COLLAPSES[2] else 0
    return one, two, three


@jitable
def joined(now: Floats, prior: float, total: float, best: float, last: Floats) -> tuple[float, float]:
    """The sum of the factors with one more in it, and the best of them, which is kept in ``last``."""
    value = now[0] + math.log(prior)
    if value > best:
        best = value
        last[:] = now
    return add(total, value), best
