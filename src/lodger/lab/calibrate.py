"""P(finding | implant) from labelled lives: what the detectors' headers say, as far as the lives bear it out.

A share is the mean of a beta posterior whose prior is the header's, with the weight of :data:`LIVES` lives. One life is
one observation, on however many hosts it stays; asked are only detectors whose records came from its host. Lives of one
family share a plan, so what is learned is judged on families that had no part in it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pyarrow as pa

from lodger.evidence import all_detectors
from lodger.lab.truth import Intruder, Truth, is_intruders
from lodger.stays.paths import path_key
from lodger.verdict import Shares

#: The headers count as much as this many lives.
LIVES: Final = 20.0

_NETWORK: Final = frozenset({"connections", "traffic", "lookups"})


@dataclass(frozen=True)
class Labelled:
    """One intruder's life: by detector, the share of its stays that show the finding. What could not be seen of it is
    not there.
    """

    name: str
    family: str
    shown: Mapping[str, float]


@dataclass(frozen=True)
class Fold:
    """A family judged by shares in which it had no part: the mean surprise at a life's findings and their absence, in
    decibans, by the headers and by what was learned of the other families. Less is better.
    """

    family: str
    lives: int
    header_db: float
    learned_db: float


def labelled(stays: pa.Table, evidence: pa.Table, coverage: pa.Table, truth: Truth) -> tuple[Labelled, ...]:
    """The intruders' lives of an analysed case: of each, the stays of the program that stays and talks.

    ``stays`` has ``stay_id``, ``host``, ``path`` and ``kind``; ``evidence`` has ``stay_id`` and ``detector``: what is
    told of kin counts as the stay's, as it is weighed; ``coverage`` has ``host`` and ``kind``. A life of which the case
    has no stay is left out.
    """
    found, kinds = _sets(evidence, "stay_id", "detector"), _sets(coverage, "host", "kind")
    rows = stays.select(["stay_id", "host", "path", "kind"]).to_pylist()
    lives = []
    for one in truth.intruders:
        main = replace(truth, intruders=(_main(one),))
        seen = [
            (_able(kinds[row["host"]], row["kind"] == "network"), found[row["stay_id"]])
            for row in rows
            if is_intruders(main, row["host"], row["path"]) is not None
        ]
        if seen:
            lives.append(Labelled(one.name, one.family, _shown(seen)))
    return tuple(lives)


def _sets(table: pa.Table, key: str, value: str) -> Mapping[str, set[str]]:
    sets: dict[str, set[str]] = defaultdict(set)
    for one, other in zip(table[key].to_pylist(), table[value].to_pylist(), strict=True):
        sets[one].add(other)
    return sets


def _main(intruder: Intruder) -> Intruder:
    """The intruder with only the program that stays and talks, on whatever host."""
    first = path_key(intruder.programs[0].path)
    return replace(intruder, programs=tuple(each for each in intruder.programs if path_key(each.path) == first))


def _able(kinds: set[str], network: bool) -> set[str]:
    """The detectors that could show a stay on a host from which these kinds of record came."""
    needs = {each.id: each.detector.needs for each in all_detectors()}
    return {name for name, need in needs.items() if need <= kinds and (need <= _NETWORK or not network)}


def _shown(stays: Sequence[tuple[set[str], set[str]]]) -> dict[str, float]:
    detectors = sorted(set().union(*(able | found for able, found in stays)))
    asked = {name: [name in found for able, found in stays if name in able | found] for name in detectors}
    return {name: sum(answers) / len(answers) for name, answers in asked.items()}


def estimate(lives: Iterable[Labelled]) -> dict[str, Shares]:
    """P(finding | implant) of every detector that could have shown one of the lives at all."""
    answers: dict[str, list[float]] = defaultdict(list)
    for life in lives:
        for name, share in life.shown.items():
            answers[name].append(share)
    header = _headers()
    return {
        name: Shares(p_implant=round((header[name] * LIVES + math.fsum(found)) / (LIVES + len(found)), 6))
        for name, found in sorted(answers.items())
        if name in header
    }


def without(lives: Sequence[Labelled], family: str) -> dict[str, Shares]:
    """:func:`estimate` from the lives of all other families: what a life of ``family`` may be scored with."""
    return estimate(life for life in lives if life.family != family)


def folds(lives: Sequence[Labelled]) -> tuple[Fold, ...]:
    """Every family judged by the others, by name."""
    header = _headers()
    found = []
    for family in sorted({life.family for life in lives}):
        learned = {name: each.p_implant or header[name] for name, each in without(lives, family).items()}
        own = [life for life in lives if life.family == family]
        losses = [
            math.fsum(_surprise(life, given) for life in own) / len(own) for given in (header, {**header, **learned})
        ]
        found.append(Fold(family, len(own), round(losses[0], 2), round(losses[1], 2)))
    return tuple(found)


def _surprise(life: Labelled, given: Mapping[str, float]) -> float:
    return -10 * math.fsum(
        share * math.log10(given[name]) + (1 - share) * math.log10(1 - given[name])
        for name, share in life.shown.items()
        if name in given
    )


def _headers() -> dict[str, float]:
    return {each.id: each.detector.p_implant for each in all_detectors()}
