"""What is kept of a pair's calls so that a day's work is that day's calls: the answer is that of all calls at once.

Every pair is judged by its state, whether its calls were folded into it day by day or all in one go, so both say the
same to the last bit. Per scale a state has at most :data:`lodger.evidence.intervals.MOST` intervals: of more every
second block, then every fourth, and so on. Which blocks are taken depends only on how many intervals there are, and
what is let go is never asked for again.

Functions marked :func:`lodger.evidence.intervals.jitable` run as they are and, called by what numba compiles, compiled.
A state is a *head* of :data:`HEAD` whole numbers, and the intervals that are *held* at each scale. Microseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from lodger.evidence.intervals import BLOCK, COLLAPSES, MOST, Counts, Floats, jitable

SECOND: Final = 1e6
SCALES: Final = len(COLLAPSES)
#: Where in a head is what: how many calls there were, the first, the last, the longest gap between two; then by scale,
#: how many intervals there were, and the last call that began one; and the digest of all.
CALLS, FIRST, LAST, LONGEST, TOTALS, LASTS, DIGEST = 0, 1, 2, 3, 4, 7, 10
HEAD: Final = 11
#: Numbers of what calls say.
ROW: Final = 5
_GAPS: Final = tuple(round(seconds * SECOND) for seconds in COLLAPSES)
#: Times beyond 73,000 years are told as that: no difference of two overflows.
FARTHEST: Final = 2**61


@dataclass(frozen=True)
class States:
    """Of many pairs: a row of ``heads`` each, what their calls say (:func:`lodger.evidence.renewal.judge`), and what is
    held, from ``offsets[i]`` up to ``offsets[i + 1]``, by scale one behind the other; where two scales have the same
    intervals, those of the longer one only.
    """

    heads: Counts
    rows: Floats
    kept: Counts
    offsets: Counts


def none(pairs: int) -> States:
    """The states of pairs before their first call."""
    heads, rows = np.zeros((pairs, HEAD), np.int64), np.zeros((pairs, ROW))
    return States(heads, rows, np.zeros(0, np.int64), np.zeros(pairs + 1, np.int64))


def digests(values: Counts, offsets: Counts) -> Counts:
    """A number for the values of each group, as :class:`States` have them: the sum, over the values, of 36 bits that
    look like chance. It tells whether calls are still those that were folded, and needs no order and no whole.
    """
    mixed = values.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed >> np.uint64(28), dtype=np.uint64)])
    found: Counts = (sums[offsets[1:]] - sums[offsets[:-1]]).astype(np.int64)
    return found


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
    """Fold calls at ``times`` (sorted, none before the last that was folded) into the state ``head``, ``held``."""
    if len(times) == 0:
        return
    if head[CALLS] == 0:
        head[:] = 0
        head[FIRST], head[LAST] = times[0], times[0]
        head[LASTS : LASTS + SCALES] = times[0]
    head[CALLS] += len(times)
    previous, longest = head[LAST], head[LONGEST]
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


@jitable
def packed(head: Counts, held: Counts, out: Counts) -> int:
    """Put what is held at the scales into ``out``; how many numbers that are."""
    end = 0
    for scale in range(SCALES):
        n = head[TOTALS + scale]
        if scale + 1 == SCALES or n != head[TOTALS + scale + 1]:
            k = looked_at(n)
            out[end : end + k] = held[scale, :k]
            end += k
    return end


def sizes(heads: Counts) -> Counts:
    """How many numbers :func:`packed` puts out for states with these heads."""
    found = np.zeros(len(heads), np.int64)
    for scale in range(SCALES):
        n = np.maximum(heads[:, TOTALS + scale], 0)
        later = heads[:, TOTALS + scale + 1] if scale + 1 < SCALES else -1
        found += np.where(n != later, np.array([looked_at(int(each)) for each in n], np.int64), 0)
    return found


@jitable
def unpacked(kept: Counts, head: Counts, held: Counts) -> None:
    """Undo :func:`packed`."""
    begin = 0
    for scale in range(SCALES if len(kept) > 0 else 0):
        k = looked_at(head[TOTALS + scale])
        held[scale, :k] = kept[begin : begin + k]
        if scale + 1 == SCALES or head[TOTALS + scale] != head[TOTALS + scale + 1]:
            begin += k
