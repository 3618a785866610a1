"""What the report's templates are given: the model's own objects, grouped and summed the way the page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from lodger.model.findings import Case, ContactDay, Evidence, Facet, Life, Party
from lodger.report import charts, text

#: Rows of the ranked table.
CASES: Final = 200
#: Of those that came with a stay, so many are named.
KIN: Final = 8
#: Destinations listed per stay, and those of them that get a picture of their pattern.
DESTINATIONS: Final = 20
PICTURES: Final = 6


@dataclass(frozen=True)
class Named:
    """A stay that is named beside another: ``stay`` is its section or None, ``host`` its host where that is another."""

    case: Case
    name: str
    host: str | None
    stay: int | None


@dataclass(frozen=True)
class Row:
    """A case in the ranked table, by the stay that heads it; ``bar`` is its weight in percent of the largest, ``stay``
    its section or None, ``kin`` those that came with it, of which ``more_kin`` are not named. ``contacts`` are the main
    ones of all.
    """

    case: Case
    bar: int
    stay: int | None
    kin: tuple[Named, ...]
    more_kin: int
    contacts: tuple[str, ...]


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
    """A stay's section; ``kin`` are those of its case beside it, of which ``more_kin`` are not named."""

    number: int
    life: Life
    kin: tuple[Named, ...]
    more_kin: int
    facets: tuple[tuple[Facet, tuple[tuple[int, Evidence], ...]], ...]
    evidence: tuple[tuple[int, Evidence], ...]
    sum: Sum
    timeline: charts.Drawing
    weights: charts.Drawing
    fold: charts.Fold
    destinations: tuple[Destination, ...]
    more_destinations: int


def sections(lives: Sequence[Life]) -> dict[str, int]:
    """The section of each stay that has one, by its id."""
    return {life.case.stay_id: number for number, life in reversed(list(enumerate(lives, start=1)))}


def rows(found: Sequence[Party], places: Mapping[str, int]) -> tuple[Row, ...]:
    """The first :data:`CASES` cases, each linked to the sections (``places``) of its stays where there are any."""
    shown = found[:CASES]
    top = max((each.head.weight_db for each in shown if each.head.weight_db < 1e9), default=0.0)
    return tuple(
        Row(
            each.head,
            _percent(each.head.weight_db, top),
            places.get(each.head.stay_id),
            *_named(each, each.head, places),
            each.contacts,
        )
        for each in shown
    )


def _named(party: Party, beside: Case, places: Mapping[str, int]) -> tuple[tuple[Named, ...], int]:
    """The others of a party, by rank, and how many more there are."""
    others = [case for case in (party.head, *party.kin) if case.stay_id != beside.stay_id]
    named = tuple(
        Named(case, text.name(case.program), case.host if case.host != beside.host else None, places.get(case.stay_id))
        for case in others[:KIN]
    )
    return named, len(others) - len(named)


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


def stays(lives: Sequence[Life], found: Sequence[Party], places: Mapping[str, int]) -> list[Stay]:
    """The sections, numbered from 1; ``found`` are the cases, of which a life names those of its own."""
    of = {case.stay_id: each for each in found for case in (each.head, *each.kin)}
    return [
        stay(number, life, of.get(life.case.stay_id, Party(life.case)), places)
        for number, life in enumerate(lives, start=1)
    ]


def stay(number: int, life: Life, party: Party, places: Mapping[str, int]) -> Stay:
    """Everything that one stay's section shows; ``number`` is its place among the sections, from 1."""
    kin, more_kin = _named(party, life.case, places)
    evidence = charts.numbered(life.evidence)
    fold = charts.folding(life.case, life.contacts)
    return Stay(
        number=number,
        life=life,
        kin=kin,
        more_kin=more_kin,
        facets=tuple((facet, tuple(group)) for facet, group in groupby(evidence, key=lambda pair: pair[1].facet)),
        evidence=tuple(evidence),
        sum=_sum(life),
        timeline=charts.timeline(life.case, evidence),
        weights=charts.weights(evidence),
        fold=fold.unit,
        destinations=tuple(_destinations(life, fold)),
        more_destinations=max(0, len({day.destination for day in life.contacts}) - DESTINATIONS),
    )
