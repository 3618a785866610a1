"""The arithmetic of the benchmark: thresholds, shares, intervals, curves. Nothing here knows how scores came about.

- A *life* is found where its best score is above the threshold. A *false case* is an ordinary entity above it.
- The threshold is the lowest at which no more than the allowed number of false cases are above it, on one half of the
  seeds; lives and false cases are then counted on the other half, and the other way round (cross-fitting), so that no
  fleet chooses its own threshold.
- Lives of one fleet share people, software and threshold: intervals of shares are of a bootstrap over seeds (Field and
  Welsh, "Bootstrapping clustered data", JRSS-B 69, 2007), and Wilson's beside it where a share is at its end and a
  bootstrap sees nothing (Wilson, JASA 22, 1927). Rates of false cases have Garwood's exact interval (Biometrika 28,
  1936).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

from benchmarks.lab.rankings import Ranking

#: Allowed: false cases in a thousand host-months.
RATE: Final = 1.0
#: 95 % of a normal distribution lie within this many deviations.
Z: Final = 1.959963984540054
DRAWS: Final = 2000


@dataclass(frozen=True)
class Share:
    """A share of ``total``, with its interval of 95 %."""

    count: int
    total: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share; not a number where there was nothing."""
        return self.count / self.total if self.total else math.nan


@dataclass(frozen=True)
class Rate:
    """False cases in a thousand host-months, with the exact interval of 95 %."""

    count: int
    months: float
    low: float
    high: float

    @property
    def value(self) -> float:
        """The rate; not a number where nothing was watched."""
        return 1000 * self.count / self.months if self.months else math.nan


@dataclass(frozen=True)
class Outcome:
    """One life under one method: the score, None where it has none, and the threshold of its seed."""

    seed: int
    life: str
    score: float | None
    threshold: float

    @property
    def found(self) -> bool:
        """Whether it is above the threshold."""
        return self.score is not None and self.score > self.threshold


def wilson(count: int, total: int) -> tuple[float, float]:
    """Wilson's interval of 95 % for a share; all of 0 to 1 where there is nothing to go by."""
    if not total:
        return 0.0, 1.0
    share, weight = count / total, Z * Z / total
    middle = (share + weight / 2) / (1 + weight)
    reach = Z / (1 + weight) * math.sqrt(share * (1 - share) / total + weight / (4 * total))
    return (max(0.0, middle - reach) if count else 0.0, min(1.0, middle + reach) if count < total else 1.0)


def rate(count: int, months: float) -> Rate:
    """A rate with Garwood's exact interval for a Poisson count."""
    low = float(chi2.ppf(0.025, 2 * count)) / 2 if count else 0.0
    high = float(chi2.ppf(0.975, 2 * count + 2)) / 2
    per = 1000 / months if months else math.nan
    return Rate(count, months, low * per, high * per)


def threshold(rankings: Sequence[Ranking], allowed: float = RATE, *, of_new: bool = False) -> float:
    """The lowest score that no more than ``allowed`` false cases in a thousand host-months are above; ``of_new``: that
    no more are to be expected above in as many new ones (:func:`expected`), which is one case fewer in these.

    Minus infinity where even all that was kept are not too many. Where fewer than two are allowed, the highest score.
    """
    free = max(0, math.floor(allowed * sum(each.months for each in rankings) / 1000 + 1e-9) - of_new)
    scores = sorted((entity.score for each in rankings for entity in each.ordinary), reverse=True)
    return scores[free] if free < len(scores) else -math.inf


def halves(rankings: Sequence[Ranking]) -> tuple[list[Ranking], list[Ranking]]:
    """The rankings of every second seed, and the others; a single one is its own other half."""
    ordered = sorted(rankings, key=lambda each: each.seed)
    return ordered[::2], ordered[1::2] or ordered


def cross_fitted(rankings: Sequence[Ranking], allowed: float = RATE) -> dict[int, float]:
    """Each seed's threshold, set on the other half of the seeds, for which this half is new."""
    one, other = halves(rankings)
    found = dict.fromkeys((each.seed for each in one), threshold(other, allowed, of_new=True))
    return found | dict.fromkeys((each.seed for each in other if each not in one), threshold(one, allowed, of_new=True))


def outcomes(rankings: Sequence[Ranking], thresholds: Mapping[int, float]) -> list[Outcome]:
    """Every life of every fleet."""
    return [
        Outcome(each.seed, life, score, thresholds[each.seed])
        for each in rankings
        for life, score in each.lives.items()
    ]


def false_cases(rankings: Sequence[Ranking], thresholds: Mapping[int, float]) -> Rate:
    """Ordinary entities above their fleet's threshold."""
    count = sum(entity.score > thresholds[each.seed] for each in rankings for entity in each.ordinary)
    return rate(count, sum(each.months for each in rankings))


def share(found: Sequence[Outcome]) -> Share:
    """The share of lives found. Its interval is Wilson's and that of a bootstrap over seeds, together."""
    count = sum(each.found for each in found)
    low, high = wilson(count, len(found))
    if (over_seeds := resampled(found)) is not None:
        low, high = min(low, over_seeds[0]), max(high, over_seeds[1])
    return Share(count, len(found), low, high)


def resampled(found: Sequence[Outcome]) -> tuple[float, float] | None:
    """The middle 95 % of the share of lives found, over seeds drawn with replacement; None for a single seed."""
    by_seed: dict[int, list[bool]] = {}
    for each in found:
        by_seed.setdefault(each.seed, []).append(each.found)
    if len(by_seed) < 2:
        return None
    counts = drawn(np.array([(sum(each), len(each)) for each in by_seed.values()]))
    low, high = np.percentile(counts[:, 0] / counts[:, 1], [2.5, 97.5])
    return float(low), float(high)


def drawn(fleets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Sums of the fleets' rows, as many fleets as there are drawn with replacement, :data:`DRAWS` times."""
    rng = np.random.default_rng(1)
    sums: npt.NDArray[np.int64] = fleets[rng.integers(len(fleets), size=(DRAWS, len(fleets)))].sum(axis=1)
    return sums


def ratio(ours: Sequence[Outcome], theirs: Sequence[Outcome]) -> tuple[float, float, float]:
    """The share found by one method over that of another on the same lives, and its interval over seeds.

    Infinite where the other finds nothing.
    """
    pairs = {(each.seed, each.life): each.found for each in theirs}
    by_seed: dict[int, list[tuple[bool, bool]]] = {}
    for each in ours:
        by_seed.setdefault(each.seed, []).append((each.found, pairs[each.seed, each.life]))
    fleets = np.array([np.array(each).sum(axis=0) for each in by_seed.values()])

    def over(counts: npt.NDArray[np.int64]) -> float:
        return float(counts[0] / counts[1]) if counts[1] else (math.inf if counts[0] else math.nan)

    told = np.array([each for each in map(over, drawn(fleets)) if not math.isnan(each)] or [math.nan])
    low, high = np.percentile(told, [2.5, 97.5], method="nearest")
    return over(fleets.sum(axis=0)), float(low), float(high)


def curve(rankings: Sequence[Ranking]) -> list[tuple[float, float]]:
    """False cases in a thousand host-months, and the share of lives found at that: one point for each rate at which the
    share grows. Here all fleets share one threshold, chosen after the fact: it shows the method's reach, and is not
    what is promised.
    """
    months = sum(each.months for each in rankings)
    lives = [-math.inf if score is None else score for each in rankings for score in each.lives.values()]
    ordinary = sorted((entity.score for each in rankings for entity in each.ordinary), reverse=True)
    if not lives or not months:
        return []
    points: list[tuple[float, float]] = []
    for number, score in enumerate([*ordinary, -math.inf]):
        found = sum(each > score for each in lives) / len(lives)
        if not points or found > points[-1][1]:
            points.append((1000 * number / months, found))
    return points


def reached(rankings: Sequence[Ranking], allowed: float) -> list[Outcome]:
    """Every life of every fleet under one threshold for all of them, the lowest with no more than ``allowed`` false
    cases in a thousand host-months: a point of :func:`curve`, chosen after the fact as all of them are.
    """
    line = threshold(rankings, allowed)
    return outcomes(rankings, {each.seed: line for each in rankings})


def expected(rankings: Sequence[Ranking], allowed: float) -> float:
    """False cases in a thousand host-months that a threshold of :func:`reached` would let through in as many new ones.

    It lies on the score of rank k + 1 of n ordinary ones, so that k are above it here. Of as many new ones k + 1 are,
    on average: a new one falls into each of the n + 1 gaps between the old ones equally often, whatever the method
    (David and Nagaraja, "Order Statistics", 2003, on the mean of uniform order statistics).
    """
    months = sum(each.months for each in rankings)
    return 1000 * (math.floor(allowed * months / 1000 + 1e-9) + 1) / months if months else math.nan


def days_to_detection(each: Ranking, arrivals: Mapping[str, int], threshold_: float) -> dict[str, float]:
    """For each life the days from its arrival to the first look at which it was above the threshold; infinite where it
    never was.
    """
    found = {}
    for life in each.lives:
        above = [day for day, score in each.days.get(life, ()) if score > threshold_]
        found[life] = float(min(above) - arrivals[life]) if above else math.inf
    return found


def earliest(after: float, arrival: int, looks: Sequence[int]) -> float:
    """The fewest days after which a life can have been above the threshold that was first seen above it ``after`` days:
    the day after the look before, or that of its arrival; infinite where it never was.
    """
    if math.isinf(after):
        return math.inf
    before = max((look for look in looks if look < arrival + after), default=-1)
    return float(max(0, before + 1 - arrival))


def median(values: Sequence[float]) -> float:
    """The lower median, so that lives never found count as endless; not a number where there are none."""
    return sorted(values)[(len(values) - 1) // 2] if values else math.nan
