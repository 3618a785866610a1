"""Lodger itself, as it is shipped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

from benchmarks.lab.fleet import Fleet
from benchmarks.lab.rankings import Judge, Ranking, Scored, ranking
from lodger.ledger import identified
from lodger.model.findings import Case
from lodger.model.trust import Kind, Statement


def run(fleet: Fleet) -> list[Ranking]:
    """Two rankings of the same looks: the highest weight that a program ever had at a look, which is what somebody sees
    who looks again and again; and the last look's.
    """
    judge = Judge(fleet.truth)
    ever: dict[tuple[str, str], Scored] = {}
    bets: dict[tuple[str, str], float] = {}
    heads: dict[tuple[str, str], tuple[str, str]] = {}
    days: dict[str, list[tuple[int, float]]] = {name: [] for name in judge.names}
    last: list[Scored] = []
    for day, cases in judged_days(fleet):
        last = list(scored(cases))
        for each in last:
            if (before := ever.get((each.host, each.program))) is None or before.score < each.score:
                ever[each.host, each.program] = each
            if each.came_with:
                heads[each.host, each.program] = each.came_with
            if each.e_value is not None:
                bets[each.host, each.program] = max(each.e_value, bets.get((each.host, each.program), 0.0))
        for name, best in ranking(fleet.truth, "", last).lives.items():
            if best is not None:
                days[name].append((day, best))
    highest = [replace(each, e_value=bets.get(key), came_with=heads.get(key)) for key, each in ever.items()]
    return [
        ranking(fleet.truth, "lodger", highest, days=days),
        ranking(fleet.truth, "lodger-end", last),
    ]


def revoked(fleet: Fleet) -> list[Ranking]:
    """The same case, when it is learned on the day after the last that the signers of the intruders were revoked.

    It changes the case: whatever else reads that comes before.
    """
    learned = datetime.combine(fleet.first, time()) + timedelta(days=fleet.design.days)
    # what knows Lodger took a mass-market signer's certificate: by name, half of the fleet would be revoked
    signers = sorted({one.signer for one in fleet.truth.intruders if one.signer and not one.evasive})
    said = [Statement(Kind.REVOKED, "benchmark", learned, signer=signer) for signer in signers]
    workspace = fleet.judged()
    workspace.learn([identified(each) for each in said])
    return [ranking(fleet.truth, "lodger-revoked", scored(workspace.ranked()))]


def judged_days(fleet: Fleet) -> Iterator[tuple[int, tuple[Case, ...]]]:
    """The ranked cases at the end of some days, each with what was recorded until then."""
    return ((day, workspace.ranked()) for day, workspace in fleet.looks())


def scored(cases: Iterable[Case]) -> Iterator[Scored]:
    """Ranked stays by their weight of evidence, by which Lodger ranks them; of one case they came with its head."""
    listed = list(cases)
    named = {case.stay_id: (case.host, case.program) for case in listed}
    for case in listed:
        said = (case.odds, case.lfdr, case.contacts, case.e_value, named.get(case.came_with or ""))
        yield Scored(case.host, case.program, case.weight_db, *said)
