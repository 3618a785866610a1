"""How random bytes are: Shannon's entropy, the chi-square test for even spread, and a search for noise among structure.

Sources: C. E. Shannon, 'A Mathematical Theory of Communication' (1948), section 6; Pearson's chi-square against 256
equally likely values, 255 degrees of freedom, as NIST SP 800-22 and Knuth (TAOCP 2, 3.3.1) use it; its upper tail by
Abramowitz and Stegun, 26.4.4 (exact for an odd number of degrees of freedom).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

#: Fewer bytes than this are never called noise.
LEAST: Final = 64

_WINDOW: Final = 48
_STEP: Final = 16  # any run of LEAST bytes holds a whole window: 48 + 16 - 1 < 64
_BLOCK: Final = 64 * 1024  # bytes searched at a time
_COUNTED: Final = 256 * 1024  # bytes counted at a time
_SAME: Final = 12  # most equal neighbours of a random window when it is sorted
_NEAR: Final = 7  # most neighbours of a random window that differ by two or less
_FREEDOM: Final = 255

_Octets = np.ndarray[tuple[int], np.dtype[np.uint8]]


def counts(octets: bytes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How often each of the 256 values occurs."""
    spread = np.zeros(256, np.int64)
    for at in range(0, len(octets), _COUNTED):  # numpy takes 8 bytes for each: few enough for a processor's cache
        spread += np.bincount(np.frombuffer(octets, np.uint8, min(_COUNTED, len(octets) - at), at), minlength=256)
    return spread


def entropy(spread: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    """Bits per byte, 0 to 8, of values that occur as often as ``spread`` says."""
    total = int(spread.sum())
    share = spread[spread > 0] / max(total, 1)
    return float(-(share * np.log2(share)).sum()) + 0.0


def chi_square(spread: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    """Pearson's statistic against 256 equally likely values."""
    total = int(spread.sum())
    return float((spread.astype(float) ** 2).sum() * 256 / total - total) if total else 0.0


def upper_tail(statistic: float) -> float:
    """P(chi-square with 255 degrees of freedom > ``statistic``): near 0 or near 1 is no random spread."""
    if statistic <= 0:
        return 1.0
    root = math.sqrt(statistic)
    term = math.log(root) - statistic / 2 - math.log(2 * math.pi) / 2
    terms = [term]
    for odd in range(3, _FREEDOM, 2):
        term += math.log(statistic) - math.log(odd)
        terms.append(term)
    return min(math.erfc(root / math.sqrt(2)) + 2 * math.fsum(math.exp(each) for each in terms), 1.0)


def is_random(octets: bytes) -> bool:
    """Whether at least :data:`LEAST` bytes are spread as random ones are, to eight standard deviations above the mean.

    Tables and ramps spread too evenly, text and most code far too unevenly; compressed data is mostly beyond, too.
    """
    return len(octets) >= LEAST and 120 < chi_square(counts(octets)) < 436


def noise(octets: bytes) -> tuple[int, int] | None:
    """Where a run of at least :data:`LEAST` random bytes may lie: (first, behind the last), or None.

    Looks at windows of 48 bytes, 16 apart: of random ones about half are above 127 and an eighth below 32; 4.4 pairs of
    them are equal on average, and with a chance of 1 in 1,000 more than 12; text has some 50, records of numbers more.
    In ramps (tables of positions, palettes) neighbours differ by one or two, which in noise only 2 in 100 do.
    """
    if octets.isascii():
        return None
    for at in range(0, len(octets) - LEAST + 1, _BLOCK):
        found = _first(np.frombuffer(octets, np.uint8, min(_BLOCK + LEAST, len(octets) - at), at))
        if found is not None:
            return at + found[0], at + found[1]
    return None


def _first(values: _Octets) -> tuple[int, int] | None:
    """The first run of windows that look random."""
    cells = values[: len(values) // _STEP * _STEP].reshape(-1, _STEP)
    high, low = (_in_windows(each) for each in (cells >= 128, cells < 32))
    places = np.flatnonzero((high >= 10) & (high <= 38) & (low >= 1) & (low <= 18))
    if not places.size:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(values, _WINDOW)[::_STEP][places]
    near = (np.abs(np.diff(windows.astype(np.int16), axis=1)) <= 2).sum(axis=1)
    windows.sort(axis=1)
    same = (windows[:, 1:] == windows[:, :-1]).sum(axis=1)
    places = places[(same <= _SAME) & (near <= _NEAR)]
    if not places.size:
        return None
    breaks = np.flatnonzero(np.diff(places) > 1)
    last = places[breaks[0]] if breaks.size else places[-1]
    return int(places[0]) * _STEP, int(last) * _STEP + _WINDOW


def _in_windows(cells: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """How many of each window's bytes are true: 48 at most."""
    each = np.add.reduce(cells.view(np.int8), axis=1, dtype=np.int8)
    return np.asarray(each[:-2] + each[1:-1] + each[2:])
