"""What calls of a program that waits look like: log evidence of their intervals, for each family of sleep."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from lodger.evidence.intervals import (
    COLLAPSES,
    CUTS,
    DIRICHLET,
    HORIZON,
    OFF,
    OFFS,
    SHORTEST,
    SLEEPS,
    TOTAL,
    Counts,
    Floats,
    add,
    ascending,
    jitable,
    memoryless,
    summed,
    under,
    up_to,
)

#: Families of sleep, and their prior weights.
NONE, JITTERED, LOG_NORMAL, MEMORYLESS, CHANGED = 0, 1, 2, 3, 4
_PRIOR: Final = (0.0, 0.8, 0.08, 0.06, 0.06)
JITTERS: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9)
SPREADS: Final = (0.25, 0.4, 0.6)
LONGEST_SLEEP: Final = 26 * 3600.0
_DRIFT: Final = 0.0002
#: What a sleep explains: at least this share of the intervals in which the host was on, and of that time. Timers of
#: pages that somebody opens now and then explain the first, not the second.
_CALLS: Final = 0.7
_TIME: Final = 0.7
#: A program that waits for minutes (less than this, in seconds) calls while its host is on: this share of the whole
#: time, or more; the longest gap is not counted. A page that somebody opens once a day does not.
_MINUTES: Final = 3600.0
_DUTY: Final = 1 / 12
#: Each half of a life whose sleep changed has at least this many intervals.
_HALF: Final = 12
#: A change of sleep is worth asking for from this ratio of variances on (F with 1 and n - 2 degrees of freedom).
_STEP: Final = 16.0
#: Fewer intervals cannot tell memoryless sleeps from ordinary ones, which differ by less than 0.15 nats each.
MEMORYLESS_FROM: Final = 16
_ONE, _OFF_KIND, _SHORT, _MID = 0, 3, 4, 5


@jitable
def _window(
    d: Floats, sums: Floats, below: float, above: float, slack: float, width: float, shortest: float
) -> tuple[int, int]:
    """The window of intervals that one sleep explains best: first and last.

    A sleep S explains what lies from ``below`` S - slack to ``above`` S + slack; ``width`` is the window's width as a
    share of S, or, where negative, in logs of it.
    """
    n = len(d)
    first, last, best = -1, -1, -math.inf
    e, judged = 0, -1
    stretch, more = above / below, slack * above / below + slack
    for i in range(n - 1):
        top = d[i] * stretch + more
        while e + 1 < n and d[e + 1] <= top:
            e += 1
        if e <= i:
            e = i + 1
            continue
        if e == judged:  # a part of the window before
            continue
        middle = ((d[e] - slack) / above + (d[i] + slack) / below) / 2
        if middle < shortest or middle > LONGEST_SLEEP:
            continue
        judged = e
        count = e + 1 - i
        if width < 0:
            score = count * (5.71 - math.log(-width))
        else:
            score = sums[0, e + 1] - sums[0, i] - count * (math.log(width * middle + 2 * slack) - 5.71)
        if score > best:
            first, last, best = i, e, score
    return first, last


@jitable
def _rest(
    counts: Counts, sums: Floats, gains: Floats, limits: tuple[float, float, float, float], covered: float, off: float
) -> float:
    """Log density of what no multiple of the sleep explains: off, shorter, between; each log-uniform.

    ``limits``: shortest interval, the window's two ends, and from where on the host counts as off; ``covered`` and
    ``off``: sums of the logarithms of what is explained, and of what is off.
    """
    g, low, high, off_from = limits
    short, density = counts[_SHORT], 0.0
    if counts[_OFF_KIND] > 0:
        if counts[1] + counts[2] == 0 or off_from <= OFF:
            for i in range(len(OFFS)):
                if off_from <= OFFS[i]:
                    density += gains[i]
                    break
        density -= off + counts[_OFF_KIND] * math.log(math.log(HORIZON / off_from))
    if short > 0:
        density -= sums[0, short] + short * math.log(max(math.log(low / g), 0.2))
    if counts[_MID] > 0:
        density -= sums[0, sums.shape[1] - 1] - covered - off - sums[0, short]
        density -= counts[_MID] * math.log(max(math.log(off_from / high), 0.2))
    return density


@jitable
def _kinds(n: int, counts: Counts, table: Floats) -> float:
    """Log evidence of how the intervals fall into their kinds: Dirichlet-multinomial."""
    split: float = table[TOTAL, n]
    for kind in range(6):
        split += table[DIRICHLET + kind, counts[kind]]
    return split


@jitable
def _jittered(
    d: Floats, sums: Floats, gains: Floats, g: float, shortest: float, jitter: float, table: Floats
) -> tuple[float, float]:
    """Log evidence of sleep with this jitter, and the sleep; minus infinity where too little repeats."""
    n = len(d)
    below, above = 1 - jitter - _DRIFT, 1 + jitter + _DRIFT
    i, e = _window(d, sums, below, above, 2.0, 2 * (jitter + _DRIFT), shortest)
    if i < 0:
        return -math.inf, 0.0
    lowest = max((d[e] - 2) / above, 1.0)
    highest = max((d[i] + 2) / below, lowest * 1.0001)
    sleep = math.sqrt(lowest * highest)
    half = jitter * sleep + 2 + _DRIFT * sleep
    low, high = max(sleep - half, g), sleep + half
    off_from = max(OFF, high)
    off = up_to(d, off_from)
    a, b = under(d, low), up_to(d, high)
    if b - a < max(2.0, _CALLS / 2 * off):  # misses are fewer than calls
        return -math.inf, 0.0
    counts = np.zeros(6, np.int64)
    counts[_ONE], counts[_SHORT], counts[_OFF_KIND] = b - a, a, n - off
    covered, gone = sums[0, b] - sums[0, a], sums[0, n] - sums[0, off]
    on, awake = sums[2, off], sums[2, b] - sums[2, a]
    density = -(b - a) * math.log(high - low)
    top = high
    for times in range(2, 4):
        half = jitter * sleep * math.sqrt(times) + 2 + _DRIFT * times * sleep
        bottom = max(times * sleep - half, top)
        top = max(times * sleep + half, bottom)
        a = max(up_to(d, bottom), b)
        b = max(up_to(d, top), a)
        if b == a:
            continue
        counts[times - 1] = b - a
        density -= (b - a) * math.log(top - bottom)
        beyond = max(a, off)  # several sleeps may be longer than what counts as off
        if b > beyond:
            counts[_OFF_KIND] -= b - beyond
            gone -= sums[0, b] - sums[0, beyond]
            on += sums[2, b] - sums[2, beyond]
        covered += sums[0, b] - sums[0, a]
        awake += sums[2, b] - sums[2, a]
    inside = counts[0] + counts[1] + counts[2]
    counts[_MID] = n - inside - counts[_OFF_KIND] - counts[_SHORT]
    short = sleep < _MINUTES and awake < _DUTY * (sums[2, n] - d[n - 1])
    if inside < _CALLS * (n - counts[_OFF_KIND]) or awake < _TIME * on or short:
        return -math.inf, 0.0
    density += _rest(counts, sums, gains, (g, low, high, off_from), covered, gone) + _kinds(n, counts, table)
    return density + math.log(math.log(highest / lowest) / SLEEPS), sleep


@jitable
def _log_normal(
    d: Floats, sums: Floats, gains: Floats, g: float, shortest: float, spread: float, table: Floats
) -> tuple[float, float]:
    """Log evidence of sleeps whose logarithm is normal with this deviation, and their median."""
    n = len(d)
    reach = 2.5 * spread
    i, e = _window(d, sums, math.exp(-reach), math.exp(reach), 0.0, -2 * reach, shortest)
    if i < 0 or e < i + 2:
        return -math.inf, 0.0
    mean = (sums[0, e + 1] - sums[0, i]) / (e + 1 - i)
    low, high = max(math.exp(mean - reach), g), math.exp(mean + reach)
    off_from = max(OFF, high)
    a, b = under(d, low), up_to(d, high)
    off = up_to(d, off_from)
    k = b - a
    awake = sums[2, b] - sums[2, a]
    short = math.exp(mean) < _MINUTES and awake < _DUTY * (sums[2, n] - d[n - 1])
    if k < 3 or k < _CALLS * off or awake < _TIME * sums[2, off] or short:
        return -math.inf, 0.0
    counts = np.zeros(6, np.int64)
    counts[_ONE], counts[_SHORT], counts[_OFF_KIND], counts[_MID] = k, a, n - off, off - b
    covered, gone = sums[0, b] - sums[0, a], sums[0, n] - sums[0, off]
    centred = max(sums[1, b] - sums[1, a] - covered**2 / k, 0.0)
    density = -covered - (k - 1) / 2 * math.log(2 * math.pi * spread**2) - centred / (2 * spread**2)
    density += 0.0125 * k - 0.5 * math.log(k) - math.log(SLEEPS)  # the normal's two tails lie beyond the window
    density += _rest(counts, sums, gains, (g, low, high, off_from), covered, gone)
    return density + _kinds(n, counts, table), math.exp(covered / k)


@jitable
def _regular(
    d: Floats, sums: Floats, gains: Floats, g: float, shortest: float, table: Floats, by_chance: bool
) -> tuple[float, float, float, float]:
    """Log evidence of any sleep (memoryless only ``by_chance``), and of the best: its family, median and jitter."""
    total, best = -math.inf, -math.inf
    family, sleep, jitter = 0.0, 0.0, 0.0
    for j in range(len(JITTERS)):
        value, found = _jittered(d, sums, gains, g, shortest, JITTERS[j], table)
        value += math.log(_PRIOR[JITTERED] / len(JITTERS))
        if value > best:
            best, family, sleep, jitter = value, float(JITTERED), found, JITTERS[j]
        total = add(total, value)
    for j in range(len(SPREADS)):
        value, found = _log_normal(d, sums, gains, g, shortest, SPREADS[j], table)
        value += math.log(_PRIOR[LOG_NORMAL] / len(SPREADS))
        if value > best:
            best, family, sleep, jitter = value, float(LOG_NORMAL), found, SPREADS[j]
        total = add(total, value)
    value, found = memoryless(d, sums, gains, table, MEMORYLESS_FROM)
    if by_chance and shortest <= found <= LONGEST_SLEEP:
        value += math.log(_PRIOR[MEMORYLESS])
        if value > best:
            best, family, sleep, jitter = value, float(MEMORYLESS), found, 1.0
        total = add(total, value)
    return total, family, sleep, jitter


@jitable
def _turn(intervals: Floats, total: float, squares: float) -> int:
    """Where the logarithms of the intervals, in their order, change level most: how many come before; 0 for nowhere.

    ``total`` and ``squares`` are the sums of the logarithms and of their squares.
    """
    n = len(intervals)
    so_far, best, turn = 0.0, -1.0, 0
    for i in range(n - 1):
        so_far += math.log(intervals[i])
        k = i + 1
        if _HALF <= k <= n - _HALF:
            step = so_far / k - (total - so_far) / (n - k)
            gain = step * step * k * (n - k) / n
            if gain > best:
                best, turn = gain, k
    rest = max(squares - total * total / n - best, 1e-9)
    return turn if best * (n - 2) > _STEP * rest else 0


@jitable
def _changed(
    intervals: Floats, turn: int, g: float, shortest: float, table: Floats
) -> tuple[float, float, float, float]:
    """Log evidence of one sleep up to a turn and another after it; the later one's family, median and jitter."""
    none = np.zeros(len(OFFS) + len(CUTS))
    before, after = ascending(intervals[:turn]), ascending(intervals[turn:])
    first, _, earlier, _ = _regular(before, summed(before, g), none, g, shortest, table, False)
    second, family, sleep, jitter = _regular(after, summed(after, g), none, g, shortest, table, False)
    if max(sleep, earlier) < 1.5 * min(sleep, earlier):
        return -math.inf, family, sleep, jitter
    return first + second - math.log(len(intervals)), family, sleep, jitter


@jitable
def sleeping(
    intervals: Floats, d: Floats, sums: Floats, gains: Floats, scale: int, table: Floats
) -> tuple[float, float, float, float]:
    """Log evidence of sleep, changed once or not, and of the best: its family, median and jitter."""
    g, shortest, n = COLLAPSES[scale], SHORTEST[scale], len(d)
    regular, family, sleep, jitter = _regular(d, sums, gains, g, shortest, table, True)
    turn = _turn(intervals, sums[0, n], sums[1, n]) if n >= 2 * _HALF else 0
    if turn > 0:
        changed, later, other, spread = _changed(intervals, turn, g, shortest, table)
        changed += math.log(_PRIOR[CHANGED]) + gains[0]
        if changed > regular:
            family, sleep, jitter = CHANGED + later / 10, other, spread
        regular = add(regular, changed)
    return regular, family, sleep, jitter
