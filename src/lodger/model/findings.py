"""What the analysis says: evidence, stays as people see them, and the story of a stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lodger.model.trust import TrustLine


class Facet(StrEnum):
    """The stage of a stay that a piece of evidence speaks of, in the order in which a life is told."""

    ARRIVAL = "arrival"
    TRUST = "trust"
    RESIDENCE = "residence"
    CONTACT = "contact"
    DISGUISE = "disguise"
    DEPARTURE = "departure"


@dataclass(frozen=True)
class RecordRef:
    """Where a raw record lies: the file as a person finds it, and the record's ordinal in it (line number for
    line formats).
    """

    file: str
    record: int


@dataclass(frozen=True)
class Evidence:
    """One detector's finding on one stay.

    ``weight_db`` is the finding's own weight of evidence in decibans; ``counted_db`` what it adds to the sum after
    related findings of the same facet have been discounted. ``p_implant`` and ``p_ordinary`` are the two
    probabilities behind it. ``first`` and ``last`` are UTC. ``total_records`` counts all records behind it;
    ``records`` names at most twenty.
    """

    stay_id: str
    detector: str
    title: str
    facet: Facet
    technique: str
    sentence: str
    first: datetime
    last: datetime
    p_implant: float
    p_ordinary: float
    weight_db: float
    counted_db: float
    records: tuple[RecordRef, ...]
    total_records: int


@dataclass(frozen=True)
class Term:
    """What a sum has beside findings, in decibans: the silence of a facet."""

    sentence: str
    weight_db: float


@dataclass(frozen=True)
class Case:
    """One row of the ranked table: a stay with its weight of evidence.

    ``program`` is the path or best name. ``arrival`` and ``departure`` are UTC, None where the telemetry does not
    show them. ``odds`` are posterior odds implant : ordinary. ``lfdr`` is the local false-discovery rate, None where
    the fleet is too small for an honest one. ``facets`` are those with evidence; ``contacts`` the main destinations,
    most telling first. ``weight_db`` is what the findings count for and the ``terms`` together.
    ``e_value`` is what may be looked at every day (:mod:`lodger.verdict.anytime`), and ``chosen`` whether it is large
    enough for one in ten of those chosen to be ordinary; None where ``lfdr`` is.
    ``came_with`` is the ``stay_id`` of the highest-ranked stay that came with it, where that ranks above it: they are
    one intrusion or none, and that one heads the case. None where this one does, or nobody came with it.
    """

    rank: int
    stay_id: str
    host: str
    program: str
    contacts: tuple[str, ...]
    arrival: datetime | None
    departure: datetime | None
    first_seen: datetime
    last_seen: datetime
    weight_db: float
    odds: float
    lfdr: float | None
    facets: tuple[Facet, ...]
    story: str
    terms: tuple[Term, ...] = ()
    e_value: float | None = None
    chosen: bool | None = None
    came_with: str | None = None


@dataclass(frozen=True)
class Party:
    """One case, as somebody reads it: the stay that heads it, and by rank those below that came with it."""

    head: Case
    kin: tuple[Case, ...] = ()

    @property
    def contacts(self) -> tuple[str, ...]:
        """The main destinations of all, the head's first: a driver heads what another program talks for."""
        others = dict.fromkeys(to for case in self.kin for to in case.contacts if to not in self.head.contacts)
        return (*self.head.contacts, *others)


def parties(ranked: Iterable[Case]) -> tuple[Party, ...]:
    """The cases of a ranked table, by their heads' ranks. Whose head is not among ``ranked`` has a case of its own."""
    found: dict[str, list[Case]] = {}
    head: dict[str, str] = {}
    for case in ranked:
        # kin of a kin is not always kin (a long chain of droppers): it belongs to the same case
        first = head[case.stay_id] = head.get(case.came_with or "", case.stay_id)
        found.setdefault(first, []).append(case)
    return tuple(Party(each[0], tuple(each[1:])) for each in found.values())


@dataclass(frozen=True)
class ContactDay:
    """One stay's contact with one destination on one UTC day; ``times`` are sorted, bytes are None where no
    sensor counted them.
    """

    destination: str
    day: datetime
    times: tuple[datetime, ...]
    bytes_out: int | None
    bytes_in: int | None


@dataclass(frozen=True)
class Life:
    """A stay with everything that `show` and the report tell of it."""

    case: Case
    prior_db: float
    evidence: tuple[Evidence, ...]  # by facet, then time
    contacts: tuple[ContactDay, ...]  # by destination, then day
    unseen: tuple[str, ...]  # one line each: what the sensors at hand could not have shown
    trust: tuple[TrustLine, ...] = ()  # what was said of its signature, and what was learned later, by time
    shares: str | None = None  # which shares it was weighed with; None: the shipped ones
