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
from lodger.evidence.state import (
    CALLS,
    DIGEST,
    ROW,
    SCALES,
    SECOND,
    TOTALS,
    States,
    digests,
    folded,
    looked_at,
    none,
    packed,
    unpacked,
)

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
Judge = Callable[
    [Counts, Counts, Counts, Floats, Counts, Counts, int, Floats, Floats],
    tuple[Counts, Counts],
]
#: The files of which it is made up what is said of the same calls.
PARTS: Final = ("intervals.py", "sleeping.py", "daily.py", "state.py", "renewal.py")
#: More calls than any pair has: no state is kept.
NEVER: Final = 2**62


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


def judge(times: Counts, offsets: Counts) -> Floats:
    """What the calls of each pair say: a row of log Bayes factor, family of sleep, its median, jitter, calls.

    ``times`` (microseconds) are sorted within each pair; pair i has those from ``offsets[i]`` up to ``offsets[i + 1]``.
    The family is one of those of :mod:`lodger.evidence.sleeping`; for a sleep that changed, the later one's is its
    tenths.
    """
    pairs = len(offsets) - 1
    return go_on(times, offsets, none(pairs), NEVER).rows


def go_on(times: Counts, offsets: Counts, before: States, keep_from: int) -> States:
    """The states after ``times`` too, which are not earlier than the calls behind ``before``.

    A state without calls is that of a pair of which none was folded. Of pairs with fewer calls than ``keep_from`` only
    the head of the state is whole: nothing is kept at the scales.
    """
    _so_far["calls"] += len(times) + len(before.kept)
    by_hand = _so_far["calls"] < _COMPILED_FROM
    heads, rows = before.heads.copy(), before.rows.copy()
    # what cannot be written to is of another type to numba, which would compile everything once more
    times, kept = np.require(times, np.int64, ["C", "W"]), np.require(before.kept, np.int64, ["C", "W"])
    arguments = (times, offsets.astype(np.int64), heads, rows, kept, before.offsets, keep_from)
    kept, ends = (interpreted if by_hand else compiled())(*arguments, table(), habits())
    heads[:, DIGEST] += digests(times, offsets)
    return States(heads, rows, kept, ends)


@cache
def compiled() -> Judge:
    """:func:`interpreted`, compiled on first use and kept on disk: beside the source, else in the user's cache folder.

    Where neither can be written, it is compiled in every run; that is logged, because it costs seconds.
    """
    parts = [Path(__file__).with_name(name) for name in PARTS]
    version = " ".join(f"{part.stat().st_mtime_ns} {part.stat().st_size}" for part in parts if part.exists())

    # what is kept is found again by the code and by what it closes over: numba does not see that other files changed
    def versioned(
        times: Counts,
        offsets: Counts,
        heads: Counts,
        rows: Floats,
        kept: Counts,
        places: Counts,
        keep_from: int,
        table: Floats,
        habits: Floats,
    ) -> tuple[Counts, Counts]:
        least = keep_from if len(version) >= 0 else 0
        return interpreted(times, offsets, heads, rows, kept, places, least, table, habits)

    try:
        return cast("Judge", numba.njit(cache=True)(versioned))
    except RuntimeError as error:
        if "cannot cache" not in str(error):
            raise
        _told.warning("%s; it is compiled in every run: set NUMBA_CACHE_DIR to a folder that can be written", error)
        return cast("Judge", numba.njit(versioned))


@jitable
def interpreted(
    times: Counts,
    offsets: Counts,
    heads: Counts,
    rows: Floats,
    kept: Counts,
    places: Counts,
    keep_from: int,
    table: Floats,
    habits: Floats,
) -> tuple[Counts, Counts]:
    """:func:`go_on`, run as it stands here; ``heads`` and ``rows`` become those after the calls."""
    pairs = len(offsets) - 1
    held = np.empty((SCALES, MOST), np.int64)
    now, after = np.zeros(ROW), np.zeros(pairs + 1, np.int64)
    out = np.empty(1024, np.int64)
    for pair in range(pairs):
        head = heads[pair]
        unpacked(kept[places[pair] : places[pair + 1]], head, held)
        if offsets[pair] < offsets[pair + 1] or head[CALLS] == 0:  # else what was said holds
            folded(times[offsets[pair] : offsets[pair + 1]], head, held)
            _weighed(head, held, table, habits, now, rows[pair])
        end = after[pair]
        if head[CALLS] >= keep_from:
            while len(out) < end + SCALES * MOST:
                out = np.concatenate((out, np.empty(len(out), np.int64)))
            end += packed(head, held, out[end:])
        after[pair + 1] = end
    return out[: after[pairs]].copy(), after


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
