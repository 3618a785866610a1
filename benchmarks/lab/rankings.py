"""What a method says of one fleet, judged by the truth, and how that is kept."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from lodger.lab.calibrate import Labelled
from lodger.lab.truth import Intruder, Truth, is_intruders, is_touched
from lodger.stays.paths import path_key

#: Ordinary entities that are kept of a ranking, the highest scores; more could not be above any threshold of interest.
KEPT: Final = 60
#: Rows of the table that are kept in their order.
HEAD: Final = 20
#: How Lodger names a program that only the network saw.
_NETWORK: Final = "network: "
#: Reliability: bins of this many decibans of stated odds, from the lowest on.
BIN: Final = 5


@dataclass(frozen=True)
class Scored:
    """One thing that a method ranks: a program on a host, or a whole host (``program`` is ""). Higher is worse.

    ``odds``, ``lfdr`` and ``e_value`` are what the method itself states of it, None where it states nothing.
    ``contacts`` are destinations by which a program that only the network saw is known as an intruder's.
    ``came_with`` is the host and program that the method shows it with: they are one thing to whoever reads.
    """

    host: str
    program: str
    score: float
    odds: float | None = None
    lfdr: float | None = None
    contacts: tuple[str, ...] = ()
    e_value: float | None = None
    came_with: tuple[str, str] | None = None


@dataclass(frozen=True)
class Entity:
    """One scored thing with what it is: ``lives`` names the intruders whose it is, ``kind`` what it resembles. Of those
    that came with one another it is the one with the highest score, and the lives are those of all.
    """

    host: str
    program: str
    score: float
    lives: tuple[str, ...] = ()
    kind: str = ""
    odds: float | None = None
    lfdr: float | None = None
    e_value: float | None = None


@dataclass(frozen=True)
class Bin:
    """Stated odds of ``low`` to ``low + BIN`` decibans: how many entities, how many of them intruders', and the sum of
    the stated probabilities.
    """

    low: int
    entities: int
    intruders: int
    stated: float


@dataclass(frozen=True)
class Ranking:
    """One method on one fleet of ``hosts`` hosts over ``length`` days.

    ``lives`` has each life's best score, None where nothing of it was scored. ``ordinary`` are the highest scores of
    what is nobody's, highest first; ``head`` the first rows of the table, intruders' or not, without what an intruder
    only worked through. ``days`` has, for methods that look again and again, every life's best score by day of the
    fleet. ``notes`` are figures of the method's own, ``labelled`` what others may learn of this fleet's lives. It took
    so many ``seconds`` of processors, whatever else the machine had to do.
    """

    seed: int
    method: str
    hosts: int
    length: int
    entities: int
    lives: dict[str, float | None]
    ordinary: tuple[Entity, ...]
    head: tuple[Entity, ...]
    bins: tuple[Bin, ...] = ()
    days: dict[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    notes: dict[str, float | str] = field(default_factory=dict)
    labelled: tuple[Labelled, ...] = ()
    seconds: float = 0.0

    @property
    def months(self) -> float:
        """Host-months of 30 days that were watched."""
        return self.hosts * self.length / 30


class Judge:
    """Whose an entity is, by the truth about its fleet."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._kinds = {
            (each.host.casefold(), path_key(each.program)): each.kind or "look-alike" for each in truth.look_alikes
        }
        self.names = [one.name for one in unique(truth.intruders)]

    def judge(self, scored: Scored) -> Entity | None:
        """None: an ordinary program that an intruder worked through, which is neither found nor false."""
        lives = self._lives(scored)
        if not lives and scored.program and is_touched(self._truth, scored.host, scored.program):
            return None
        name = scored.host.casefold().partition(".")[0]
        kind = self._kinds.get((name, path_key(scored.program)), "")
        said = (scored.odds, scored.lfdr, scored.e_value)
        return Entity(scored.host, scored.program, scored.score, lives, kind, *said)

    def _lives(self, scored: Scored) -> tuple[str, ...]:
        one = is_intruders(self._truth, scored.host, scored.program) if scored.program else None
        if one is not None or (scored.program and not scored.program.startswith(_NETWORK)):
            return (one.name,) if one else ()
        name = scored.host.casefold().partition(".")[0]
        there = [one for one in self._truth.intruders if name in {host.casefold() for host in one.hosts}]
        met = scored.contacts
        theirs = [one for one in there if not scored.program or any(to.startswith(one.destinations) for to in met)]
        return tuple(one.name for one in theirs)


def unique(intruders: Iterable[Intruder]) -> list[Intruder]:
    """The intruders, each name once."""
    return list({one.name: one for one in intruders}.values())


def ranking(
    truth: Truth,
    method: str,
    scored: Iterable[Scored],
    *,
    days: Mapping[str, Sequence[tuple[int, float]]] | None = None,
    notes: Mapping[str, float | str] | None = None,
    labelled: Sequence[Labelled] = (),
) -> Ranking:
    """Judge all that a method scored of one fleet."""
    judge = Judge(truth)
    together = [[one for each in party if (one := judge.judge(each))] for party in parties(scored)]
    entities = sorted((_one(party) for party in together if party), key=_by_score)
    best: dict[str, float | None] = dict.fromkeys(judge.names)
    for entity in sorted((each for party in together for each in party), key=_by_score, reverse=True):
        best.update(dict.fromkeys(entity.lives, entity.score))
    return Ranking(
        seed=truth.seed,
        method=method,
        hosts=len(truth.hosts),
        length=truth.days,
        entities=len(entities),
        lives=best,
        ordinary=tuple([entity for entity in entities if not entity.lives][:KEPT]),
        head=tuple(entities[:HEAD]),
        bins=_bins(entities),
        days={name: tuple(each) for name, each in (days or {}).items()},
        notes=dict(notes or {}),
        labelled=tuple(labelled),
    )


def parties(scored: Iterable[Scored]) -> list[list[Scored]]:
    """What came with one another, each once: also where it goes in a ring, as who is first may change between looks."""
    up: dict[tuple[str, str], tuple[str, str]] = {}

    def top(key: tuple[str, str]) -> tuple[str, str]:
        while up.setdefault(key, key) != key:
            key = up[key]
        return key

    every = list(scored)
    for each in every:
        if each.came_with:
            up[top((each.host, each.program))] = top(each.came_with)
    alone: list[list[Scored]] = []
    found: dict[tuple[str, str], list[Scored]] = {}
    for each in every:
        if (each.host, each.program) in up:
            found.setdefault(top((each.host, each.program)), []).append(each)
        else:
            alone.append([each])
    return [*alone, *found.values()]


def _by_score(each: Entity) -> tuple[float, str, str]:
    return -each.score, each.host, each.program


def _one(party: Sequence[Entity]) -> Entity:
    ordered = sorted(party, key=_by_score)
    lives = tuple(dict.fromkeys(life for each in ordered for life in each.lives))
    return replace(ordered[0], lives=lives, kind=next((each.kind for each in ordered if each.kind), ""))


def _bins(entities: Sequence[Entity]) -> tuple[Bin, ...]:
    """Stated odds of all entities that have them."""
    found: dict[int, tuple[int, int, float]] = {}
    for each in entities:
        if each.odds is not None and each.odds > 0:
            low = BIN * math.floor(10 * math.log10(each.odds) / BIN)
            count, theirs, stated = found.get(low, (0, 0, 0.0))
            found[low] = (count + 1, theirs + bool(each.lives), stated + each.odds / (1 + each.odds))
    return tuple(Bin(low, *found[low]) for low in sorted(found))
