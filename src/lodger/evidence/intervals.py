"""What ordinary calls look like: log evidence of the intervals between them, and what both hypotheses reckon with.

Functions marked :func:`jitable` run as they are and, called by what numba compiles, compiled. Times and intervals are
seconds, evidence natural logs. ``sums`` are those of :func:`summed`, ``table`` and ``habits`` of the functions of that
name, ``gains`` what the hours of calls after long gaps add, by :data:`OFFS` and then by :data:`CUTS`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., Any])


def jitable(function: Function) -> Function:
    """Mark a function as one that compiled functions may call; it stays what it is.

    Compiled, divisions by zero are not looked for: there are none, and the looking costs a tenth of the time.
    """
    register_jitable(error_model="numpy")(function)
    return function


#: Calls closer together than this are one call, and the shortest sleep that is then asked for: three scales.
COLLAPSES: Final = (10.0, 90.0, 600.0)
SHORTEST: Final = (25.0, 240.0, 2400.0)
#: Intervals looked at per pair and scale: of more, every second (fourth, eighth, ...) block of so many.
BLOCK: Final = 125
MOST: Final = 16 * BLOCK
DAY: Final = 86400.0
#: Where a logarithm has an upper end: gaps in which a host is off are log-uniform up to 40 days.
HORIZON: Final = 40 * 86400.0
#: Log-uniform prior of the sleep: 25 s to 26 h.
SLEEPS: Final = 8.23
_SLEEPS_LOG: Final = math.log(SLEEPS)
#: From this gap on a host may have been off.
OFF: Final = 5 * 3600.0
_OFF_LOG: Final = math.log(math.log(HORIZON / OFF))
#: Gaps from which on hours are asked for, where sleep is the question; more calls than this after them are not.
OFFS: Final = (OFF, 10 * 3600.0, 20 * 3600.0)
_VISITS: Final = 400

CUTS: Final = (math.inf, 3600.0, 4 * 3600.0, 14 * 3600.0)
_CUT_PRIOR: Final = math.log(0.25)
#: Log of the width, in logs, of what lies above each cut.
_ABOVE: Final = (0.0, *(math.log(math.log(HORIZON / cut)) for cut in CUTS[1:]))
SHAPES: Final = (0.2, 0.35, 0.5, 0.7)
_SIGMAS: Final = (0.85, 1.0, 1.4, 2.0, 2.8)
_SIGMA_PRIOR: Final = tuple(math.log(weight) for weight in (0.1, 0.225, 0.225, 0.225, 0.225))
_SIGMA_LOG: Final = tuple(0.5 * math.log(2 * math.pi * sigma**2) for sigma in _SIGMAS)
_PRECISION: Final = tuple(0.5 / sigma**2 for sigma in _SIGMAS)
_SHAPE_PRIOR: Final = math.log(len(SHAPES) * 13.9)
_SIGMA_RANGE: Final = math.log(15)
LN2: Final = math.log(2)
#: What is smaller by e to so many changes no sum that anybody looks at.
_NOTHING: Final = 18.0
LN3: Final = math.log(3)
#: Prior of a share that is high as a rule: beta with this and 1.
_OFTEN: Final = 6
_HABITS: Final = (1.2 * 3600, 2.5 * 3600, 5 * 3600.0)
_PHASES: Final = 24
_SLOTS: Final = 288
#: Densities of so many calls are multiplied before a logarithm is taken: none leaves the range of a float.
_PRODUCT: Final = 128
#: Gaps in which an office is empty, by night and at weekends: their share, from when, and up to when.
_NIGHT: Final = (0.5, 10 * 3600.0, 18 * 3600.0)
_WEEKEND: Final = (0.1, 56 * 3600.0, 72 * 3600.0)

#: Dirichlet weights of an interval's kinds: one sleep, two, three, off, short, between; on a host that is always on,
#: and on one that is off every night.
_ALPHA: Final = (12.0, 0.6, 0.3, 1.0, 0.5, 0.4)
_ALPHA_OFFICE: Final = (6.0, 0.4, 0.2, 4.0, 0.4, 0.3)
#: Rows of the table: log gamma of whole numbers is its first.
_DIRICHLET, TOTAL, _EXPONENTIAL, _GAMMA, _OFFICE = 1, 7, 8, 9, 13


@cache
def table() -> Floats:
    """Log gamma of all that is counted, so that no pair computes it anew: rows as told above, columns are counts."""
    size = MOST + 64
    rows = [[math.lgamma(max(count, 1)) for count in range(size)]]
    rows += [[math.lgamma(alpha + count) - math.lgamma(alpha) for count in range(size)] for alpha in _ALPHA]
    rows += [[math.lgamma(sum(_ALPHA)) - math.lgamma(sum(_ALPHA) + count) for count in range(size)]]
    rows += [[math.lgamma(shape * max(k, 1)) - k * math.lgamma(shape) for k in range(size)] for shape in (1.0, *SHAPES)]
    rows += [[math.lgamma(alpha + count) - math.lgamma(alpha) for count in range(size)] for alpha in _ALPHA_OFFICE]
    rows += [[math.lgamma(sum(_ALPHA_OFFICE)) - math.lgamma(sum(_ALPHA_OFFICE) + count) for count in range(size)]]
    return np.array(rows)


@cache
def habits() -> Floats:
    """Density of a call by its distance from a habit's hour, over that of any time of day: a row for each time of day,
    and a column for each spread and hour.
    """
    distance = np.minimum(np.arange(_SLOTS), _SLOTS - np.arange(_SLOTS)) * (DAY / _SLOTS)
    columns = []
    for sigma in _HABITS:
        near = np.exp(-0.5 * (distance / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))
        columns += [np.roll(0.9 * near * DAY + 0.1, phase * (_SLOTS // _PHASES)) for phase in range(_PHASES)]
    return np.ascontiguousarray(np.array(columns).T)


@jitable
def add(a: float, b: float) -> float:
    """ln(e^a + e^b)."""
    top, low = (a, b) if a > b else (b, a)
    return top if low < top - _NOTHING or low == -math.inf else top + math.log(1 + math.exp(low - top))


@jitable
def more(top: float, total: float, value: float) -> tuple[float, float]:
    """A sum of exponentials, e^top times ``total``, with e^value more in it: one logarithm is enough for many."""
    if value <= top:
        return top, total if value < top - _NOTHING else total + math.exp(value - top)
    return value, 1.0 if top < value - _NOTHING else total * math.exp(top - value) + 1.0


@jitable
def off_width(shortest: float) -> float:
    """Log of the width, in logs, of gaps of this length and more in which a host may have been off."""
    return _OFF_LOG if shortest == OFF else math.log(math.log(HORIZON / shortest))


@jitable
def under(d: Floats, limit: float) -> int:
    """How many of the sorted intervals are shorter than the limit."""
    low, high = 0, len(d)
    while low < high:
        middle = (low + high) // 2
        if d[middle] < limit:
            low = middle + 1
        else:
            high = middle
    return low


@jitable
def up_to(d: Floats, limit: float) -> int:
    """How many of the sorted intervals are no longer than the limit."""
    low, high = 0, len(d)
    while low < high:
        middle = (low + high) // 2
        if d[middle] <= limit:
            low = middle + 1
        else:
            high = middle
    return low


@jitable
def down(d: Floats, near: int, limit: float) -> int:
    """:func:`under`, looked for from ``near`` on."""
    while near > 0 and d[near - 1] >= limit:
        near -= 1
    while near < len(d) and d[near] < limit:
        near += 1
    return near


@jitable
def up(d: Floats, near: int, limit: float) -> int:
    """:func:`up_to`, looked for from ``near`` on."""
    while near < len(d) and d[near] <= limit:
        near += 1
    while near > 0 and d[near - 1] > limit:
        near -= 1
    return near


@jitable
def ascending(intervals: Floats) -> Floats:
    """The intervals in ascending order; of few, by insertion."""
    n = len(intervals)
    if n > 40:
        return np.sort(intervals)
    d = np.empty(n)
    for i in range(n):
        value, k = intervals[i], i
        while k > 0 and d[k - 1] > value:
            d[k] = d[k - 1]
            k -= 1
        d[k] = value
    return d


@jitable
def summed(d: Floats, g: float) -> Floats:
    """Sums over the first k sorted intervals: of ln d, (ln d)^2, d - g + 1, and its ln."""
    sums = np.empty((4, len(d) + 1))
    logs, squares, excesses, more_logs = 0.0, 0.0, 0.0, 0.0
    sums[:, 0] = 0.0
    for i in range(len(d)):
        log, excess = math.log(d[i]), d[i] - g + 1
        logs += log
        squares += log * log
        excesses += excess
        more_logs += math.log(excess)
        sums[0, i + 1], sums[1, i + 1], sums[2, i + 1], sums[3, i + 1] = logs, squares, excesses, more_logs
    return sums


@jitable
def _below(k: int, sums: Floats, table: Floats) -> float:
    """Log evidence of the k shortest intervals: gamma with heavy tails, or log-normal with wide spread."""
    mean, logs = math.log(sums[2, k]), sums[0, k]
    top, total = -math.inf, 0.0
    for i in range(len(SHAPES)):
        shape = SHAPES[i]
        value = table[_GAMMA + i, k] - shape * k * mean + (shape - 1) * sums[3, k] - _SHAPE_PRIOR
        top, total = more(top, total, value)
    centred = max(sums[1, k] - logs * logs / k, 0.0)
    common = logs + 0.5 * math.log(k) + _SIGMA_RANGE
    for i in range(len(_SIGMAS)):
        value = _SIGMA_PRIOR[i] - common - (k - 1) * _SIGMA_LOG[i] - centred * _PRECISION[i]
        top, total = more(top, total, value)
    return top + math.log(total) - LN2


@jitable
def ordinary(d: Floats, sums: Floats, gains: Floats, table: Floats) -> float:
    """Log evidence of sorted intervals: renewal with heavy tails up to one of several cuts, any gap or hours beyond."""
    n = len(d)
    top, total = -math.inf, 0.0
    judged, below = 0, 0.0
    for i in range(len(CUTS)):
        cut = CUTS[i]
        k = up_to(d, cut) if cut < math.inf else n
        h = n - k
        if h == 0 and cut < math.inf:
            continue
        value = _CUT_PRIOR + table[0, 4] + table[0, 3 + k] + table[0, 1 + h] - table[0, 3] - table[0, 4 + n]
        if h > 0:
            value += gains[len(OFFS) + i] - (sums[0, n] - sums[0, k]) - h * _ABOVE[i]
        if k > 0:
            if k != judged:
                judged, below = k, _below(k, sums, table)
            value += below
        top, total = more(top, total, value)
    return top + math.log(total)


@jitable
def kinds(counts: tuple[int, int, int, int, int, int], table: Floats, office: bool) -> float:
    """Log evidence of how the intervals fall into their kinds: Dirichlet-multinomial; of an office host, either that
    one or another that has a gap every night.
    """
    one, two, three, off, short, between = counts
    n = one + two + three + off + short + between
    split: float = table[_DIRICHLET, one] + table[_DIRICHLET + 1, two] + table[_DIRICHLET + 2, three]
    split += table[_DIRICHLET + 3, off] + table[_DIRICHLET + 4, short] + table[_DIRICHLET + 5, between]
    split += table[_DIRICHLET + 6, n]
    if not office:
        return split
    other: float = table[_OFFICE, one] + table[_OFFICE + 1, two] + table[_OFFICE + 2, three]
    other += table[_OFFICE + 3, off] + table[_OFFICE + 4, short] + table[_OFFICE + 5, between]
    return add(split, other + table[_OFFICE + 6, n])


@jitable
def share(often: int, rarely: int, table: Floats) -> float:
    """Log evidence of how often it was so, and how often not: half any share is as likely, half most are high."""
    of = often + rarely
    any_share = table[0, 1 + often] - table[0, 2 + of]
    high = table[0, _OFTEN + often] - table[0, _OFTEN + 1 + of] - table[0, _OFTEN] + table[0, _OFTEN + 1]
    total: float = add(any_share, high) + table[0, 1 + rarely] - LN2
    return total


@jitable
def _add_logs(values: Floats, products: Floats) -> None:
    """numpy has logarithms of its own, whose last bit may be another than that of what is compiled."""
    for i in range(len(values)):
        values[i] += math.log(products[i])


@jitable
def _about_hours(slots: Counts, habits: Floats) -> float:
    """Log of the sum, over all hours of the day and spreads, of the densities of calls in these slots, and of none."""
    few = min(len(slots), _PRODUCT)
    products = habits[slots[0]].copy()
    for i in range(1, few):
        products *= habits[slots[i]]
    if len(slots) == few:
        total = 0.0
        for product in products:  # numpy sums in another order than what is compiled
            total += product
        return math.log(1 + total / _PHASES)
    values = np.zeros(len(products))
    _add_logs(values, products)
    for first in range(_PRODUCT, len(slots), _PRODUCT):
        products = habits[slots[first]].copy()
        for i in range(first + 1, min(first + _PRODUCT, len(slots))):
            products *= habits[slots[i]]
        values += np.log(products)
    top, total = 0.0, 1.0
    for value in values:
        top, total = more(top, total, value - math.log(_PHASES))
    return top + math.log(total)


@jitable
def _emptiness(gap: float, above: float) -> float:
    """Density of a gap that is a night, a weekend, or any, over that of any, whose width in logs is ``above``."""
    density = 0.0
    for share_of, shortest, longest in (_NIGHT, _WEEKEND):
        if shortest <= gap <= longest:
            density = share_of / (longest - shortest)
    return 1 - _NIGHT[0] - _WEEKEND[0] + density * gap * above


@jitable
def hours(times: Floats, cut: float, table: Floats, habits: Floats, known: Floats) -> float:
    """What is gained, for calls after gaps longer than ``cut``, by their hours: they come either after any gap, or
    after nights and weekends mostly, or on some days, some number each, about one hour of the day, or at any. A third
    each, so never less than -ln 3.

    ``known`` is the number of such calls and what their hours of the day say, at a cut before: as many are the same.
    """
    m = len(times)
    slots = np.empty(min(m, _VISITS + 1), np.int64)
    above = math.log(HORIZON / cut)
    visits, days, last, gaps, nights = 0, 1, 0.0, 0.0, 0.0
    for i in range(1, m):
        gap = times[i] - times[i - 1]
        if gap <= cut:
            continue
        if visits == _VISITS:
            return 0.0
        since = times[i] - times[0]
        day = math.floor(since / DAY + 0.5)
        if day != last:
            days, last = days + 1, day
        slots[visits] = int((since - math.floor(since / DAY) * DAY) * (_SLOTS / DAY)) % _SLOTS
        visits += 1
        gaps += math.log(gap)
        nights += math.log(_emptiness(gap, above))
    if visits < 2:
        return 0.0
    if visits != known[0]:
        known[0], known[1] = visits, _about_hours(slots[:visits], habits)
    total = known[1] - math.log(len(_HABITS) + 1) - visits * math.log(DAY)
    span = int(min(math.ceil((times[m - 1] - times[0]) / DAY) + 1, MOST + 32.0))
    again = max(visits + 1 - days, 0)
    total += share(days, max(0, span - days), table) + share(days, again, table)
    return add(add(0.0, nights), total + gaps + visits * math.log(above)) - LN3


@jitable
def memoryless(d: Floats, sums: Floats, gains: Floats, table: Floats) -> tuple[float, float]:
    """Log evidence of exponential sleeps, with gaps in which the host was off, and their mean."""
    n = len(d)
    total, best, mean = -math.inf, -math.inf, 0.0
    for cut in (OFF, math.inf):
        k = up_to(d, cut) if cut < math.inf else n
        h = n - k
        if k < 2 or (h == 0 and cut < math.inf):
            continue
        value = table[_EXPONENTIAL, k] - k * math.log(sums[2, k]) - _SLEEPS_LOG - LN2
        value += table[0, 4] + table[0, 3 + k] + table[0, 1 + h] - table[0, 3] - table[0, 4 + n]
        if h > 0:
            value += gains[0]
            value -= sums[0, n] - sums[0, k] + h * _OFF_LOG
        if value > best:
            best, mean = value, sums[2, k] / k
        total = add(total, value)
    return total, mean
