"""What was measured, put together: every method's lives found and false cases, at its own cross-fitted thresholds."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.lab.arithmetic import (
    DRAWS,
    Outcome,
    Rate,
    Share,
    cross_fitted,
    days_to_detection,
    earliest,
    false_cases,
    outcomes,
    share,
    wilson,
)
from benchmarks.lab.design import Design, settled
from benchmarks.lab.kept import Build, Life, all_kept
from benchmarks.lab.methods import METHODS
from benchmarks.lab.rankings import Entity, Ranking
from benchmarks.lab.running import rankings
from lodger.lab.lives import duqu_variants
from lodger.verdict.anytime import ville_line

#: The classes of lives for which there are bars.
CLASSES: Final = ("2011", "grid", "evasive")
#: Decibans of stated odds, either way, from which on more of them say nothing new.
SURE: Final = 40
#: Rows of the table in which a look-alike must not stand above every intruder.
FIRST: Final = 10

#: A life's seed and name.
Key = tuple[int, str]


@dataclass(frozen=True)
class Result:
    """One method: every life under its fleet's threshold, and the false cases above it."""

    method: str
    rankings: tuple[Ranking, ...]
    thresholds: Mapping[int, float]

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """Every life of every fleet."""
        return outcomes(self.rankings, self.thresholds)

    @cached_property
    def false(self) -> Rate:
        """False cases at these thresholds."""
        return false_cases(self.rankings, self.thresholds)

    def found(self, lives: Iterable[Key] | None = None) -> Share:
        """The share found of all lives, or of some."""
        wanted = None if lives is None else set(lives)
        return share([each for each in self.outcomes if wanted is None or (each.seed, each.life) in wanted])


class Measured:
    """All results in a folder. Raises FileNotFoundError where it has none."""

    def __init__(self, out: Path) -> None:
        self.design: Design = settled(out)
        self.results = {name: Result(name, tuple(each), cross_fitted(each)) for name, each in rankings(out).items()}
        self.fleets = {each.seed: each for each in all_kept(out) if each.methods}

    @cached_property
    def lives(self) -> dict[Key, Life]:
        """Every life of every fleet, by seed and name."""
        return {(seed, one.name): one for seed, fleet in self.fleets.items() for one in fleet.lives}

    @cached_property
    def builds(self) -> list[tuple[Build, dict[int, list[str]]]]:
        """Every state of the code that measured, and by seed the methods that it did."""
        found: list[tuple[Build, dict[int, list[str]]]] = []
        for seed, fleet in self.fleets.items():
            for name in (name for name in METHODS if name in fleet.methods):
                build = fleet.built(name)
                its = next((its for each, its in found if each == build), None)
                if its is None:
                    found.append((build, its := {}))
                its.setdefault(seed, []).append(name)
        return found

    @cached_property
    def months(self) -> float:
        """Host-months of all fleets that Lodger has judged."""
        result = self.results.get("lodger")
        return sum(each.months for each in result.rankings) if result else 0.0

    def of_class(self, name: str) -> list[Key]:
        """The lives of one class."""
        return [life for life, one in self.lives.items() if class_of(one) == name]

    def groups(self, told: Callable[[Life], str]) -> dict[str, list[Key]]:
        """The lives by something that is told of them."""
        found: dict[str, list[Key]] = {}
        for life, one in self.lives.items():
            found.setdefault(told(one), []).append(life)
        return dict(sorted(found.items()))

    def best(self, group: str, lives: Sequence[Key], without: Collection[str] = ()) -> str | None:
        """The method of a group, but for some, that finds most of these lives."""
        names = [name for name in self.results if METHODS[name].group == group and name not in without]
        return max(names, key=lambda name: self.results[name].found(lives).value, default=None)

    def detection(self) -> dict[Key, float]:
        """Days from arrival to the first look at which Lodger had the life above the threshold."""
        result = self.results.get("lodger")
        found: dict[Key, float] = {}
        for each in result.rankings if result else ():
            arrivals = {one.name: one.day for one in self.fleets[each.seed].lives}
            days = days_to_detection(each, arrivals, result.thresholds[each.seed]) if result else {}
            found |= {(each.seed, life): after for life, after in days.items()}
        return found

    def earliest(self) -> dict[Key, float]:
        """The days of :meth:`detection` as few as they can be: between two looks it cannot be told when."""
        looks = self.design.looks
        return {key: earliest(after, self.lives[key].day, looks) for key, after in self.detection().items()}


def class_of(one: Life) -> str:
    """Which bar speaks of a life."""
    if one.evasive:
        return "evasive"
    return "2011" if one.family in {each.family for each in duqu_variants()} else "grid"


def misled(head: Sequence[Entity]) -> Entity | None:
    """The look-alike among the first rows that stands above every intruder; None where there is none such."""
    for entity in head[:FIRST]:
        if entity.lives:
            return None
        if entity.kind:
            return entity
    return None


@dataclass(frozen=True)
class Promise:
    """In the first ``rows`` of a table, over all fleets: how many were said to be false, how many were, and the middle
    95 % of what were, over seeds drawn with replacement.
    """

    rows: int
    stated: float
    false: float
    low: float
    high: float


def promise(told: Sequence[Ranking], rows: int) -> Promise:
    """What was promised of the first rows, by their local false-discovery rate or else by their odds."""
    heads = [each.head[:rows] for each in told]
    stated = float(np.mean([sum(map(_false, head)) for head in heads]))
    false = np.array([sum(not entity.lives for entity in head) for head in heads], dtype=np.float64)
    rng = np.random.default_rng(1)
    drawn = [float(np.mean(false[rng.integers(len(false), size=len(false))])) for _ in range(DRAWS)]
    return Promise(rows, stated, float(false.mean()), *(float(each) for each in np.percentile(drawn, [2.5, 97.5])))


def _false(entity: Entity) -> float:
    if entity.lfdr is not None:
        return entity.lfdr
    return 1.0 if entity.odds is None else 1 / (1 + entity.odds)


@dataclass(frozen=True)
class Ever:
    """Of ``allowed`` ordinary programs that may, on average, ever be above the line of e-values: how many were, in the
    mean of the fleets, with the middle 95 % over seeds drawn with replacement.
    """

    allowed: float
    false: float
    low: float
    high: float


def ever(told: Sequence[Ranking], allowed: float) -> Ever:
    """How Ville's promise holds over all looks (:func:`lodger.verdict.anytime.ville_line`, of all that was ranked)."""
    above = [
        sum((entity.e_value or 0.0) > ville_line(each.entities, allowed) for entity in each.ordinary)
        for each in told
        if each.entities
    ]
    false = np.array(above, dtype=np.float64)
    rng = np.random.default_rng(1)
    drawn = [float(np.mean(false[rng.integers(len(false), size=len(false))])) for _ in range(DRAWS)]
    return Ever(allowed, float(false.mean()), *(float(each) for each in np.percentile(drawn, [2.5, 97.5])))


@dataclass(frozen=True)
class Point:
    """One bin of the reliability diagram: mean stated probability, and the share of intruders' with its interval."""

    stated: float
    entities: int
    intruders: int
    low: float
    high: float


def reliability(told: Sequence[Ranking]) -> list[Point]:
    """Stated odds against truth, over all fleets; odds of more than ten thousand to one either way are one each."""
    sums: dict[int, tuple[int, int, float]] = {}
    for one in (each for ranking in told for each in ranking.bins):
        low = min(max(one.low, -SURE), SURE)
        count, theirs, stated = sums.get(low, (0, 0, 0.0))
        sums[low] = (count + one.entities, theirs + one.intruders, stated + one.stated)
    points = []
    for low in sorted(sums):
        count, theirs, stated = sums[low]
        points.append(Point(stated / count, count, theirs, *wilson(theirs, count)))
    return points


def finite(value: float) -> bool:
    """Whether there is something to print."""
    return not (math.isnan(value) or math.isinf(value))
