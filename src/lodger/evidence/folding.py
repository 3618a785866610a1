"""Of a pair's calls, what is judged: the intervals between them at each scale, of very many some blocks.

Per scale at most :data:`lodger.evidence.intervals.MOST` intervals are held: of more every second block, then every
fourth, and so on. Which blocks are taken depends only on how many intervals there are.

Functions marked :func:`lodger.evidence.intervals.jitable` run as they are and, called by what numba compiles, compiled.
Of each pair there are a *head* of :data:`HEAD` whole numbers, and the intervals that are *held* at each scale.
Microseconds.
"""

from __future__ import annotations

from typing import Final

from lodger.evidence.intervals import BLOCK, COLLAPSES, MOST, Counts, jitable

SECOND: Final = 1e6
SCALES: Final = len(COLLAPSES)
#: Where in a head is what: how many calls there were, the first, the last, the longest gap between two; then by scale,
#: how many intervals there were, and the last call that began one.
CALLS, FIRST, LAST, LONGEST, TOTALS, LASTS = 0, 1, 2, 3, 4, 7
HEAD: Final = 10
#: Numbers of what calls say.
ROW: Final = 5
_GAPS: Final = tuple(round(seconds * SECOND) for seconds in COLLAPSES)
#: Times beyond 73,000 years are told as that: no difference of two overflows.
FARTHEST: Final = 2**61


@jitable
def taken(n: int) -> int:
    """Every how many-th block of n intervals is looked at: a power of two."""
    stride = 1
    while n > stride * MOST:
        stride *= 2
    return stride


@jitable
def looked_at(n: int) -> int:
    """How many of n intervals are looked at."""
    if n <= MOST:
        return n
    stride = taken(n)
    blocks, rest = n // BLOCK, n % BLOCK
    return (blocks + stride - 1) // stride * BLOCK + (rest if blocks % stride == 0 else 0)


@jitable
def folded(times: Counts, head: Counts, held: Counts) -> None:
    """Fold calls at ``times`` (sorted) into ``head``, all zeros before, and ``held``."""
    if len(times) == 0:
        return
    head[CALLS] = len(times)
    head[FIRST] = times[0]
    head[LASTS : LASTS + SCALES] = times[0]
    previous, longest = times[0], 0
    for time in times:
        gap = time - previous
        previous, longest = time, max(gap, longest)
        for scale in range(SCALES):
            if gap <= _GAPS[scale]:
                break
            _one_more(scale, time, head, held)
    head[LAST], head[LONGEST] = previous, longest


@jitable
def _one_more(scale: int, time: int, head: Counts, held: Counts) -> None:
    """Hold the interval that ends at ``time``, where it is one that is looked at."""
    n = head[TOTALS + scale]
    interval = time - head[LASTS + scale]
    head[TOTALS + scale], head[LASTS + scale] = n + 1, time
    if n < MOST:
        held[scale, n] = interval
        return
    stride = taken(n + 1)
    if n == stride // 2 * MOST:  # every other block goes
        for block in range(1, MOST // BLOCK // 2):
            held[scale, block * BLOCK : (block + 1) * BLOCK] = held[scale, 2 * block * BLOCK : (2 * block + 1) * BLOCK]
    block = n // BLOCK
    if block % stride == 0:
        held[scale, block // stride * BLOCK + n % BLOCK] = interval
