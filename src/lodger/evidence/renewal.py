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
from lodger.evidence.folding import CALLS, HEAD, ROW, SCALES, SECOND, TOTALS, folded, looked_at
from lodger.evidence.intervals import (
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
from lodger.evidence.rhythm import PARTS
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
#: Gains by their cuts, shortest first: what is above two of them may be the same.
_ASCENDING: Final = tuple(sorted(range(len(OFFS) + len(CUTS)), key=[*OFFS, *CUTS].__getitem__))
#: From so many calls on, compiling (ten to twenty seconds once on a machine, half a second from then on) is worth it.
_COMPILED_FROM: Final = 20_000
_so_far = {"calls": 0}

_told = logging.getLogger(__name__)
Judge = Callable[[Counts, Counts, Counts, Floats, Floats, Floats], None]


@jitable
def _any(d: Floats, sums: Floats, gains: Floats, by_chance: tuple[float, float], table: Floats) -> float:
    """Log evidence of ordinary calls, or of pure chance."""
    found, mean = by_chance
    if found == -math.inf:
        return ordinary(d, sums, gains, table)
    slow = min(max(math.log(max(mean, 1.0) / _SWIFT) / math.log(_SLOW / _SWIFT), 0.0), 1.0)
    chance = max(_FEW - max(len(d) - MEMORYLESS_FROM, 0), _CHANCE + slow * (_FEW - _CHANCE))
    return add(ordinary(d, sums, gains, table), chance + found)


@jitable
def _by_hours(times: Floats, d: Floats, gains: Floats, table: Floats, habits: Floats) -> None:
    """What the hours of the calls add, into ``gains``."""
    known = np.zeros(2)
    for i in _ASCENDING:
        cut = OFFS[i] if i < len(OFFS) else CUTS[i - len(OFFS)]
        gains[i] = hours(times, cut, table, habits, known) if cut < d[len(d) - 1] else 0.0


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
    by_chance = memoryless(d, sums, gains, table)
    regular, family, sleep, jitter = sleeping(intervals, d, sums, gains, scale, by_chance, table)
    if regular == -math.inf:
        return
    ordinary = _any(d, sums, gains, by_chance, table)
    if regular - ordinary > _HOURS_FROM and n == len(times) - 1 and d[n - 1] > CUTS[1]:
        _by_hours(times, d, gains, table, habits)
        by_chance = memoryless(d, sums, gains, table)
        regular, family, sleep, jitter = sleeping(intervals, d, sums, gains, scale, by_chance, table)
        ordinary = _any(d, sums, gains, by_chance, table)
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
    ordinary = add(_any(d, sums, gains, memoryless(d, sums, gains, table), table), people + _PEOPLE)
    found[0], found[1], found[2], found[3], found[4] = chance - ordinary, DAILY, sleep, 1.0, len(times)


def judge(times: Counts, offsets: Counts) -> tuple[Counts, Floats]:
    """What the calls of each pair are, and what they say: heads (:mod:`lodger.evidence.folding`), and rows of log Bayes
    factor, family of sleep, its median, jitter, calls.

    ``times`` (microseconds) are sorted within each pair; pair i has those from ``offsets[i]`` up to ``offsets[i + 1]``.
    The family is one of those of :mod:`lodger.evidence.sleeping`; for a sleep that changed, the later one's is its
    tenths. By hand or compiled, the answer is the same, to the last bit.
    """
    _so_far["calls"] += len(times)
    by_hand = _so_far["calls"] < _COMPILED_FROM
    heads, rows = np.zeros((len(offsets) - 1, HEAD), np.int64), np.zeros((len(offsets) - 1, ROW))
    # what cannot be written to is of another type to numba, which would compile everything once more
    times = np.require(times, np.int64, ["C", "W"])
    (interpreted if by_hand else compiled())(times, offsets.astype(np.int64), heads, rows, table(), habits())
    rows[:, 0] = np.round(rows[:, 0], 6)  # logarithms of another library, or processor, have another last bit at times
    return heads, rows


@cache
def compiled() -> Judge:
    """:func:`interpreted`, compiled on first use and kept on disk: beside the source, else in the user's cache folder.

    Where neither can be written, it is compiled in every run; that is logged, because it costs seconds.
    """
    parts = [Path(__file__).with_name(name) for name in PARTS]
    version = " ".join(f"{part.stat().st_mtime_ns} {part.stat().st_size}" for part in parts if part.exists())

    # what is kept is found again by the code and by what it closes over: numba does not see that other files changed
    def versioned(times: Counts, offsets: Counts, heads: Counts, rows: Floats, table: Floats, habits: Floats) -> None:
        if len(version) >= 0:
            interpreted(times, offsets, heads, rows, table, habits)

    try:
        return cast("Judge", numba.njit(cache=True)(versioned))
    except RuntimeError as error:
        if "cannot cache" not in str(error):
            raise
        _told.warning("%s; it is compiled in every run: set NUMBA_CACHE_DIR to a folder that can be written", error)
        return cast("Judge", numba.njit(versioned))


@jitable
def interpreted(times: Counts, offsets: Counts, heads: Counts, rows: Floats, table: Floats, habits: Floats) -> None:
    """:func:`judge`, run as it stands here; ``heads`` and ``rows``, all zeros before, become those of the calls."""
    held = np.empty((SCALES, MOST), np.int64)
    now = np.zeros(ROW)
    for pair in range(len(offsets) - 1):
        folded(times[offsets[pair] : offsets[pair + 1]], heads[pair], held)
        _weighed(heads[pair], held, table, habits, now, rows[pair])


@jitable
def _weighed(head: Counts, held: Counts, table: Floats, habits: Floats, now: Floats, row: Floats) -> None:
    """What all calls that were folded say, into ``row``."""
    total, best, prior, shortest = -math.inf, -math.inf, 0.0, 0.0
    times = np.zeros(1)
    for scale in range(SCALES):
        prior += COLLAPSE_PRIOR[scale]
        shortest = SHORTEST[scale] if shortest == 0 else shortest
        n = head[TOTALS + scale]
        if scale + 1 < SCALES and n == head[TOTALS + scale + 1]:
            continue  # nothing more was collapsed: the same calls, judged once, by what is known of their intervals
        k = looked_at(n)
        intervals = held[scale, :k] / SECOND
        times = np.zeros(k + 1 if k == n else 1)  # not all intervals are there: no hours are asked for
        since = 0
        for i in range(len(times) - 1):
            since += held[scale, i]
            times[i + 1] = since / SECOND
        at_scale(times, intervals, min(n + 1, head[CALLS]), (COLLAPSES[scale], shortest), table, habits, now)
        total, best = joined(now, prior, total, best, row)
        prior, shortest = 0.0, 0.0
    if FEWEST <= head[TOTALS + SCALES - 1] + 1 <= MOST + 1:
        in_working_hours(times, table, habits, now)
        total, best = joined(now, DAILY_PRIOR, total, best, row)
    row[0] = max(total, FLOOR)


@jitable
def joined(now: Floats, prior: float, total: float, best: float, last: Floats) -> tuple[float, float]:
    """The sum of the factors with one more in it, and the best of them, which is kept in ``last``."""
    value = now[0] + math.log(prior)
    if value > best:
        best = value
        last[:] = now
    return add(total, value), best
