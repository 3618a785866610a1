"""Do stated odds hold? Of all that were said to be ten to one, are ten in eleven true?

The reliability diagram: M. H. DeGroot and S. E. Fienberg, "The comparison and evaluation of forecasters", The
Statistician 32 (1983). Intervals are Wilson's (JASA 22, 1927).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_Z: Final = 1.959964  # of a 95 % interval


@dataclass(frozen=True)
class Bin:
    """What was stated between ``low_db`` and ``high_db`` (posterior log odds in decibans, without the upper end).

    ``count`` statements; ``stated`` is the mean of their probabilities, ``true`` the share that was so, which lies
    between ``least`` and ``most`` with 95 % confidence.
    """

    low_db: float
    high_db: float
    count: int
    stated: float
    true: float
    least: float
    most: float

    @property
    def holds(self) -> bool:
        """Whether what was stated lies within the interval."""
        return self.least <= self.stated <= self.most


def probability(log_odds_db: float) -> float:
    """The probability behind log odds in decibans."""
    return 1 / (1 + 10 ** (-max(-300.0, min(300.0, log_odds_db)) / 10))


def reliability(statements: Iterable[tuple[float, bool]], width_db: float = 10.0) -> tuple[Bin, ...]:
    """Bins of ``width_db`` decibans over ``statements`` (log odds in decibans, and whether it was so), from the lowest;
    those without a statement are left out.
    """
    bins: dict[int, list[tuple[float, bool]]] = {}
    for stated, true in statements:
        bins.setdefault(math.floor(stated / width_db), []).append((probability(stated), true))
    return tuple(_bin(place, width_db, bins[place]) for place in sorted(bins))


def _bin(place: int, width_db: float, inside: list[tuple[float, bool]]) -> Bin:
    count, hits = len(inside), sum(true for _, true in inside)
    least, most = wilson(hits, count)
    stated = math.fsum(each for each, _ in inside) / count
    return Bin(place * width_db, (place + 1) * width_db, count, stated, hits / count, least, most)


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share of ``hits`` in ``count``."""
    share, spread = hits / count, _Z**2 / count
    middle = (share + spread / 2) / (1 + spread)
    half = _Z / (1 + spread) * math.sqrt(share * (1 - share) / count + spread / (4 * count))
    # the share itself is inside, where all or none hit at the very end: rounding may not put it out
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def log_score(statements: Iterable[tuple[float, bool]]) -> float:
    """The mean surprise in decibans, -10 log10 of the probability of what happened; less is better."""
    losses = [-10 * math.log10(max(1e-30, probability(stated if true else -stated))) for stated, true in statements]
    return math.fsum(losses) / len(losses) if losses else 0.0
