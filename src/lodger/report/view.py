"""What the report's templates are given: the model's own objects, grouped and summed the way the page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from lodger.model.findings import Case, ContactDay, Evidence, Facet, Life
from lodger.report import charts, text

#: Rows of the ranked table.
CASES: Final = 200
#: Destinations listed per stay, and those of them that get a picture of their pattern.
DESTINATIONS: Final = 20
PICTURES: Final = 6


@dataclass(frozen=True)
class Row:
    """A case in the ranked table; ``bar`` is its weight in percent of the largest, ``stay`` its section or None."""

    case: Case
    bar: int
    stay: int | None


@dataclass(frozen=True)
class Sum:
    """The sum that can be redone on paper: prior + terms = posterior, which says the odds. All in decibans.

    ``by_hand`` is what the terms as printed (one decimal) add up to. ``agrees`` is False where the ranked table's
    weight or odds are not what the terms give; the page then says so instead of hiding it.
    """

    prior: float
    terms: float
    posterior: float
    odds: float
    by_hand: float
    agrees: bool


@dataclass(frozen=True)
class Destination:
    """All contact of a stay with one destination; bytes are None where no sensor counted any."""

    name: str
    days: int
    first: datetime
    last: datetime
    times: int
    bytes_out: int | None
    bytes_in: int | None
    picture: charts.Drawing | None


@dataclass(frozen=True)
class Stay:
    """A stay's section."""

    number: int
    life: Life
    facets: tuple[tuple[Facet, tuple[tuple[int, Evidence], ...]], ...]
    evidence: tuple[tuple[int, Evidence], ...]
    sum: Sum
    timeline: charts.Drawing
    weights: charts.Drawing
    fold: charts.Fold
    destinations: tuple[Destination, ...]
    more_destinations: int


def rows(cases: Sequence[Case], lives: Sequence[Life]) -> tuple[Row, ...]:
    """The first :data:`CASES` cases, each linked to its stay's section where there is one."""
    sections = {life.case.stay_id: number for number, life in reversed(list(enumerate(lives, start=1)))}
    shown = cases[:CASES]
    top = max((case.weight_db for case in shown if case.weight_db < 1e9), default=0.0)
    return tuple(Row(case, _percent(case.weight_db, top), sections.get(case.stay_id)) for case in shown)


def _percent(value: float, top: float) -> int:
    return round(100 * min(value, top) / top) if top > 0 and value > 0 else 0


def _bytes(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _sum(life: Life) -> Sum:
    weights = [item.counted_db for item in life.evidence] + [term.weight_db for term in life.case.terms]
    terms = sum(weights)
    posterior = life.prior_db + terms
    odds = 10 ** min(posterior / 10, 300.0)
    by_hand = round(life.prior_db, 1) + sum(round(weight, 1) for weight in weights)
    same_weight = abs(terms - life.case.weight_db) < 0.06
    same_odds = abs(odds - life.case.odds) <= 0.02 * max(odds, life.case.odds)
    return Sum(life.prior_db, terms, posterior, odds, by_hand, same_weight and same_odds)


def _destinations(life: Life, fold: charts.Folding) -> list[Destination]:
    """Destinations with the main contacts first, as the case names them, then by number of contacts."""
    days: dict[str, list[ContactDay]] = {}
    for contact_day in life.contacts:
        days.setdefault(contact_day.destination, []).append(contact_day)
    main = {name: place for place, name in reversed(list(enumerate(life.case.contacts)))}
    times = {name: sum(len(day.times) for day in group) for name, group in days.items()}
    order = sorted(days, key=lambda name: (main.get(name, len(main)), -times[name]))
    return [
        _destination(name, days[name], fold if place < PICTURES else None)
        for place, name in enumerate(order[:DESTINATIONS])
    ]


def _destination(name: str, days: Sequence[ContactDay], fold: charts.Folding | None) -> Destination:
    heard = [when for day in days for when in day.times] or [day.day for day in days]
    return Destination(
        name=name,
        days=len({text.day(day.day) for day in days}),
        first=min(heard, key=text.utc),
        last=max(heard, key=text.utc),
        times=sum(len(day.times) for day in days),
        bytes_out=_bytes([day.bytes_out for day in days]),
        bytes_in=_bytes([day.bytes_in for day in days]),
        picture=charts.contact(days, fold) if fold else None,
    )


def stay(number: int, life: Life) -> Stay:
    """Everything that one stay's section shows; ``number`` is its place among the sections, from 1."""
    evidence = charts.numbered(life.evidence)
    fold = charts.folding(life.case, life.contacts)
    return Stay(
        number=number,
        life=life,
        facets=tuple((facet, tuple(group)) for facet, group in groupby(evidence, key=lambda pair: pair[1].facet)),
        evidence=tuple(evidence),
        sum=_sum(life),
        timeline=charts.timeline(life.case, evidence),
        weights=charts.weights(evidence),
        fold=fold.unit,
        destinations=tuple(_destinations(life, fold)),
        more_destinations=max(0, len({day.destination for day in life.contacts}) - DESTINATIONS),
    )
