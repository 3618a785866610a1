"""Lodger without one of the things that its design claims to need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Final

from benchmarks.lab.fleet import Fleet
from benchmarks.lab.methods.lodger import scored
from benchmarks.lab.rankings import Ranking, Scored, ranking
from lodger import evidence, verdict
from lodger.engine.duckdb import DuckDB
from lodger.lab import Truth
from lodger.lake.tables import Lake
from lodger.model.findings import Case
from lodger.verdict.settings import Settings

SETTINGS: Final = {
    "no-prevalence": Settings(prevalence=False),
    "no-absence": Settings(absence=False),
    "no-dependence": Settings(dependence=False),
}
#: Tables of the last analysis that weighing makes anew.
_REMADE: Final = {"ranked", "evidence", "eligible"}


#: Without memory so many days from one to the next are analysed, besides those on which a life arrives.
_EVERY: Final = 4


def forgetful(fleet: Fleet) -> list[Ranking]:
    """Windows of 24 hours: some days, each in a case of its own, and a program's best day counts."""
    best: dict[tuple[str, str], Scored] = {}
    days = sampled(fleet.truth)
    for day in days:
        for each in scored(fleet.alone(day=day)):
            if (before := best.get((each.host, each.program))) is None or before.score < each.score:
                best[each.host, each.program] = each
    notes: dict[str, float | str] = {"days": ", ".join(str(day + 1) for day in days)}
    return [replace(ranking(fleet.truth, "no-memory", best.values(), notes=notes), length=len(days))]


def sampled(truth: Truth) -> list[int]:
    """The days on which lives arrive, when most is to be seen of them, and every fourth."""
    start = datetime.fromisoformat(truth.start).date()
    arrivals = {(datetime.fromisoformat(one.arrival).date() - start).days for one in truth.intruders}
    return sorted(arrivals & set(range(truth.days)) | set(range(0, truth.days, _EVERY)))


def apart(fleet: Fleet) -> list[Ranking]:
    """No sensor's records meet another's: the hosts' alone in one case, the network's alone in another."""
    hosts = scored(fleet.alone(network=False))
    network = scored(_named(fleet, case) for case in fleet.alone(network=True))
    return [ranking(fleet.truth, "hosts-alone", hosts), ranking(fleet.truth, "network-alone", network)]


def _named(fleet: Fleet, case: Case) -> Case:
    """A case of an address as one of the host that had it when the case was last seen."""
    day = (case.last_seen.date() - fleet.first).days
    return replace(case, host=fleet.addresses.get((case.host, day), case.host))


def reweighed(fleet: Fleet) -> list[Ranking]:
    """The same findings at the end, each time weighed without one thing."""
    with reweighing(fleet) as engine:
        return [ranking(fleet.truth, name, ranked(engine, settings)) for name, settings in SETTINGS.items()]


@contextmanager
def reweighing(fleet: Fleet) -> Iterator[DuckDB]:
    """An engine with what the last analysis kept, its findings to be weighed anew."""
    lake = Lake(fleet.judged().path)
    engine = DuckDB(lake.spool / "engine")
    try:
        for name in set(lake.findings()) - _REMADE:
            engine.scan(name, lake.findings_files(name), lake.findings_schema(name))
        engine.scan("kept", lake.findings_files("evidence"), lake.findings_schema("evidence"))
        engine.create("finding", f"SELECT {', '.join(evidence.FINDING.names)} FROM kept WHERE kin IS NULL")  # noqa: S608
        yield engine
    finally:
        engine.close()


def ranked(engine: DuckDB, settings: Settings) -> list[Scored]:
    """All cases, weighed by these settings."""
    verdict.rank(engine, settings)
    query = """SELECT r.host, r.program, r.weight_db AS score, r.odds, r.lfdr, h.host AS head_host, h.program AS head
        FROM ranked AS r LEFT JOIN ranked AS h ON h.stay_id = r.came_with"""
    heads = [(row.pop("head_host"), row.pop("head"), row) for row in engine.query(query).to_pylist()]
    return [Scored(**row, came_with=(host, head) if head else None) for host, head, row in heads]
