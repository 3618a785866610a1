"""What calls of a program that waits look like: log evidence of their intervals, for each family of sleep."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from lodger.evidence.intervals import (
    CUTS,
    LN2,
    LN3,
    OFF,
    OFFS,
    SLEEPS,
    Floats,
    add,
    ascending,
    down,
    jitable,
    kinds,
    off_width,
    summed,
    up,
    up_to,
)

#: Families of sleep, and the prior weights of the first ones; calls at random in working hours are asked for elsewhere.
NONE, JITTERED, LOG_NORMAL, MEMORYLESS, CHANGED, DAILY = 0, 1, 2, 3, 4, 5
_PRIOR: Final = (0.0, 0.74, 0.08, 0.12, 0.06)
JITTERS: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9)
#: Nobody sets a high jitter without a reason, and few set one at all.
_JITTER_PRIOR: Final = (0.19, 0.09, 0.1, 0.13, 0.12, 0.11, 0.09, 0.07, 0.05, 0.05)
_JITTER_LOG: Final = tuple(math.log(_PRIOR[JITTERED] * prior) for prior in _JITTER_PRIOR)
#: The longest interval of three sleeps over the shortest of one, by jitter; a quarter more for the seconds of slack.
_REACH: Final = tuple(1.25 * (3 + 1.733 * jitter) / (1 - jitter) for jitter in JITTERS)
SPREADS: Final = (0.25, 0.4, 0.6)
_SPREAD_LOG: Final = math.log(_PRIOR[LOG_NORMAL] / len(SPREADS))
_SPREAD_REACH: Final = tuple(math.exp(5 * spread) for spread in SPREADS)
LONGEST_SLEEP: Final = 26 * 3600.0
#: Longer medians are not asked for among log-normal sleeps: visits of people to a place lie as evenly.
_LOG_NORMAL_TO: Final = math.log(3 * 3600.0)
_DRIFT: Final = 0.0002
#: What is left of an interval in a window's score at most, by jitter, and by the slack of two seconds.
_MOST_LEFT: Final = tuple(5.71 + 0.5 * math.log(0.25 / (jitter + _DRIFT) ** 2 - 0.25) for jitter in JITTERS)
_FLAT: Final = 5.71 - math.log(4)
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


@jitable
def _window(
    d: Floats, sums: Floats, below: float, above: float, slack: float, shares: tuple[float, float], shortest: float
) -> tuple[int, int]:
    """The window of intervals that one sleep explains best: first and last.

    A sleep S explains what lies from ``below`` S - slack to ``above`` S + slack. ``shares``: the window's width as a
    share of S, and of :data:`_MOST_LEFT` its own; or zeros where all widths are alike in logs of S.
    """
    n = len(d)
    first, last, best = -1, -1, -math.inf
    e, judged = 0, -1
    stretch, more = above / below, slack * above / below + slack
    longer, shorter = 0.5 / above, 0.5 / below
    width, most = shares  # the middle is more than the geometric mean of its parts, a score no more than with that
    for i in range(n - 1):
        top = d[i] * stretch + more
        while e + 1 < n and d[e + 1] <= top:
            e += 1
        if e <= i:
            e = i + 1
            continue
        if e == judged:  # a part of the window before
            continue
        middle = (d[e] - slack) * longer + (d[i] + slack) * shorter
        if middle < shortest or middle > LONGEST_SLEEP:
            continue
        judged = e
        count = e + 1 - i
        if width == 0:
            score = float(count)
        else:
            logs = sums[0, e + 1] - sums[0, i]
            ends = 0.5 * (sums[0, e + 1] - sums[0, e] + sums[0, i + 1] - sums[0, i])
            if logs + count * min(most - ends, _FLAT) < best - 1e-9:
                continue
            score = logs - count * (math.log(width * middle + 2 * slack) - 5.71)
        if score > best:
            first, last, best = i, e, score
    return first, last


@jitable
def _least(d: Floats, sums: Floats, on: int) -> float:
    """How far apart, as a ratio, the ends of any part of the intervals are at least that has the share of the calls and
    of the time that a sleep must explain; ``on`` is how many are no longer than what counts as off.
    """
    n, e, least = len(d), 0, math.inf
    calls, awake = max(_CALLS * on, 1.0), _TIME * sums[2, on]
    for i in range(n):
        while e < n and (e - i < calls or sums[2, e] - sums[2, i] < awake):
            e += 1
        if e - i < calls or sums[2, e] - sums[2, i] < awake:
            break
        if d[e - 1] < least * d[i]:
            least = d[e - 1] / d[i]
    return least


@jitable
def _rest(
    short: int,
    off: int,
    between: int,
    sums: Floats,
    limits: tuple[float, float, float, float],
    logs: tuple[float, float],
) -> float:
    """Log density of what no multiple of the sleep explains: off, shorter, between; each log-uniform.

    ``limits``: shortest interval, the window's two ends, and from where on the host counts as off; ``logs``: sums of
    the logarithms of what is explained, and of what is off.
    """
    g, low, high, off_from = limits
    covered, gone = logs
    density = 0.0
    if off > 0:
        density -= gone + off * off_width(off_from)
    if short > 0:
        density -= sums[0, short] + short * math.log(max(math.log(low / g), 0.2))
    if between > 0:
        density -= sums[0, sums.shape[1] - 1] - covered - gone - sums[0, short]
        density -= between * math.log(max(math.log(off_from / high), 0.2))
    return density


@jitable
def _nights(gains: Floats, high: float, longest: float) -> tuple[float, float]:
    """From which gap on a host is off every night, and what the hours of the calls after such gaps add; 0 for never."""
    for i in range(len(OFFS)):
        if high <= OFFS[i]:
            return (OFFS[i], gains[i]) if longest > OFFS[i] else (0.0, 0.0)
    return 0.0, 0.0


@jitable
def _jittered(
    d: Floats, sums: Floats, gains: Floats, g: float, shortest: float, which: int, table: Floats
) -> tuple[float, float]:
    """Log evidence of sleep with one of :data:`JITTERS`, and the sleep; minus infinity where too little repeats."""
    n, jitter = len(d), JITTERS[which]
    below, above = 1 - jitter - _DRIFT, 1 + jitter + _DRIFT
    i, e = _window(d, sums, below, above, 2.0, (2 * (jitter + _DRIFT), _MOST_LEFT[which]), shortest)
    if i < 0:
        return -math.inf, 0.0
    lowest = max((d[e] - 2) / above, 1.0)
    highest = max((d[i] + 2) / below, lowest * 1.0001)
    reach = math.log(highest / lowest)
    steep, above_lowest = _likely(lowest, reach, jitter + _DRIFT, e + 1 - i)
    sleep = lowest * math.exp(above_lowest)
    half = jitter * sleep + 2 + _DRIFT * sleep
    low, high = max(sleep - half, g), sleep + half
    window = (down(d, i, low), up(d, e + 1, high))
    off_from = max(OFF, high)
    density, counts = _repeated(d, sums, (g, low, high, off_from), (sleep, jitter), window, False)
    value = density + kinds(counts, table, False) if density > -math.inf else -math.inf
    night, gain = _nights(gains, high, d[n - 1])
    if night > 0:  # a third to hosts that are always on, two to those that are off at night
        if night != off_from or 3 * high > night:  # else every interval is of the kind that it was
            density, counts = _repeated(d, sums, (g, low, high, night), (sleep, jitter), window, True)
        if density > -math.inf:
            value = add(value, gain + density + kinds(counts, table, True))
        value -= LN3
    return value + _share(reach, steep, above_lowest) if value > -math.inf else value, sleep


@jitable
def _likely(lowest: float, reach: float, spread: float, count: int) -> tuple[float, float]:
    """Of the sleeps from ``lowest`` on, as far as ``reach`` (in logs), that explain so many intervals: the power by
    which the shorter ones are likelier, and how far (in logs) a likely one is above the lowest.

    The density of an interval is one over the window's width, 2 (``spread`` S + 2).
    """
    steep = count * spread * lowest / (spread * lowest + 2)
    return steep, min(reach / 2, 1 / max(steep, 1e-9))


@jitable
def _share(reach: float, steep: float, above: float) -> float:
    """The log of what all sleeps of :func:`_likely` say against the likely one alone."""
    if steep * reach < 1e-6:
        return math.log(reach / SLEEPS)
    return steep * above + math.log((1 - math.exp(-steep * reach)) / (steep * SLEEPS))


@jitable
def _repeated(
    d: Floats,
    sums: Floats,
    limits: tuple[float, float, float, float],
    sleeps: tuple[float, float],
    window: tuple[int, int],
    office: bool,
) -> tuple[float, tuple[int, int, int, int, int, int]]:
    """Log density of the intervals given their kinds, a sleep and its jitter, and how many are of which kind; minus
    infinity where too little repeats. Of an ``office`` host, no call is missed over night.

    ``limits`` are those of :func:`_rest`; ``window`` says which intervals are one sleep long.
    """
    n = len(d)
    low, high, off_from = limits[1:]
    sleep, jitter = sleeps
    short, b = window
    one, two, three = b - short, 0, 0
    off = up_to(d, off_from)
    if one < max(2.0, _CALLS / 2 * off):  # misses are fewer than calls
        return -math.inf, (0, 0, 0, 0, 0, 0)
    away = n - off
    covered, gone = sums[0, b] - sums[0, short], sums[0, n] - sums[0, off]
    on, awake = sums[2, off], sums[2, b] - sums[2, short]
    density = 0.0
    top = high
    for times in range(2, 4):
        if b == n:
            break
        half = jitter * sleep * math.sqrt(times) + 2 + _DRIFT * times * sleep
        bottom = max(times * sleep - half, top)
        top = max(times * sleep + half, bottom)
        if office:
            top = min(top, off_from)
        if top <= bottom:
            break
        a = up(d, b, bottom)
        b = up(d, a, top)
        if b == a:
            continue
        two, three = (b - a, three) if times == 2 else (two, b - a)
        density -= (b - a) * math.log(top - bottom)
        beyond = max(a, off)  # several sleeps may be longer than what counts as off
        if b > beyond:
            away -= b - beyond
            gone -= sums[0, b] - sums[0, beyond]
            on += sums[2, b] - sums[2, beyond]
        covered += sums[0, b] - sums[0, a]
        awake += sums[2, b] - sums[2, a]
    inside = one + two + three
    rare = sleep < _MINUTES and awake < _DUTY * (sums[2, n] - d[n - 1])
    if inside < _CALLS * (n - away) or awake < _TIME * on or rare:
        return -math.inf, (0, 0, 0, 0, 0, 0)
    between = n - inside - away - short
    density += _rest(short, away, between, sums, limits, (covered, gone)) - one * math.log(high - low)
    return density, (one, two, three, away, short, between)


@jitable
def _log_normal(
    d: Floats, sums: Floats, gains: Floats, g: float, shortest: float, spread: float, table: Floats
) -> tuple[float, float]:
    """Log evidence of sleeps whose logarithm is normal with this deviation, and their median."""
    n = len(d)
    reach = 2.5 * spread
    i, e = _window(d, sums, math.exp(-reach), math.exp(reach), 0.0, (0.0, 0.0), shortest)
    if i < 0 or e < i + 2:
        return -math.inf, 0.0
    mean = (sums[0, e + 1] - sums[0, i]) / (e + 1 - i)
    if mean > _LOG_NORMAL_TO:
        return -math.inf, 0.0
    middle, times = math.exp(mean), math.exp(reach)
    low, high = max(middle / times, g), middle * times
    off_from = max(OFF, high)
    a, b = down(d, i, low), up(d, e + 1, high)
    off = up_to(d, off_from)
    k = b - a
    awake = sums[2, b] - sums[2, a]
    short = middle < _MINUTES and awake < _DUTY * (sums[2, n] - d[n - 1])
    if k < 3 or k < _CALLS * off or awake < _TIME * sums[2, off] or short:
        return -math.inf, 0.0
    covered, gone = sums[0, b] - sums[0, a], sums[0, n] - sums[0, off]
    centred = max(sums[1, b] - sums[1, a] - covered * covered / k, 0.0)
    density = -covered - (k - 1) / 2 * math.log(2 * math.pi * (spread * spread)) - centred / (2 * (spread * spread))
    density += 0.0125 * k - 0.5 * math.log(k) - math.log(SLEEPS)  # the normal's two tails lie beyond the window
    density += _rest(a, n - off, off - b, sums, (g, low, high, off_from), (covered, gone))
    if off < n:
        for cut in range(len(OFFS)):
            if off_from <= OFFS[cut]:
                density += gains[cut]
                break
    return density + kinds((k, 0, 0, n - off, a, off - b), table, True) - LN2, math.exp(covered / k)


@jitable
def _regular(
    d: Floats, sums: Floats, gains: Floats, g: float, shortest: float, table: Floats, by_chance: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Log evidence of any sleep, and of the best: its family, median and jitter. ``by_chance`` are those of memoryless
    sleeps.
    """
    total, best = -math.inf, -math.inf
    family, sleep, jitter = 0.0, 0.0, 0.0
    least = _least(d, sums, up_to(d, OFF))
    for i in range(len(JITTERS)):
        j = len(JITTERS) - 1 - i
        if _REACH[j] < least:  # nor with less jitter
            break
        value, found = _jittered(d, sums, gains, g, shortest, j, table)
        value += _JITTER_LOG[j]
        if value > best:
            best, family, sleep, jitter = value, float(JITTERED), found, JITTERS[j]
        total = add(total, value)
    for i in range(len(SPREADS)):
        j = len(SPREADS) - 1 - i
        if _SPREAD_REACH[j] < least:
            break
        value, found = _log_normal(d, sums, gains, g, shortest, SPREADS[j], table)
        value += _SPREAD_LOG
        if value > best:
            best, family, sleep, jitter = value, float(LOG_NORMAL), found, SPREADS[j]
        total = add(total, value)
    value, found = by_chance
    if len(d) >= MEMORYLESS_FROM and shortest <= found <= LONGEST_SLEEP:
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
    none, nothing = np.zeros(len(OFFS) + len(CUTS)), (-math.inf, 0.0)
    before, after = ascending(intervals[:turn]), ascending(intervals[turn:])
    first, _, earlier, _ = _regular(before, summed(before, g), none, g, shortest, table, nothing)
    second, family, sleep, jitter = _regular(after, summed(after, g), none, g, shortest, table, nothing)
    if max(sleep, earlier) < 1.5 * min(sleep, earlier):
        return -math.inf, family, sleep, jitter
    return first + second - math.log(len(intervals)), family, sleep, jitter


@jitable
def sleeping(
    intervals: Floats,
    d: Floats,
    sums: Floats,
    gains: Floats,
    scale: tuple[float, float],
    by_chance: tuple[float, float],
    table: Floats,
) -> tuple[float, float, float, float]:
    """Log evidence of sleep, changed once or not, and of the best: its family, median and jitter.

    ``scale``: up to which gap calls were taken as one, and the shortest sleep that is asked for; ``by_chance`` is what
    :func:`lodger.evidence.intervals.memoryless` says of them.
    """
    g, shortest = scale
    n = len(d)
    regular, family, sleep, jitter = _regular(d, sums, gains, g, shortest, table, by_chance)
    turn = _turn(intervals, sums[0, n], sums[1, n]) if n >= 2 * _HALF else 0
    if turn > 0:
        changed, later, other, spread = _changed(intervals, turn, g, shortest, table)
        changed += math.log(_PRIOR[CHANGED]) + gains[0]
        if changed > regular:
            family, sleep, jitter = CHANGED + later / 10, other, spread
        regular = add(regular, changed)
    return regular, family, sleep, jitter
