"""Lodger with P(finding | implant) learned from labelled lives, never from one of the family being scored.

What is learned comes from the lives of the seeds before this one; a life is scored with what the other families among
them taught (:func:`lodger.lab.calibrate.without`), an ordinary program with the worst of all these scores.
"""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.lab.fleet import Fleet
from benchmarks.lab.methods.ablations import ranked, reweighing
from benchmarks.lab.rankings import Ranking, Scored, ranking
from lodger.lab import is_intruders
from lodger.lab.calibrate import labelled, without
from lodger.verdict.settings import Settings, Shares, shipped


def run(fleet: Fleet) -> list[Ranking]:
    """One ranking, with the labelled lives of this fleet for the seeds to come."""
    workspace = fleet.judged()
    stays = workspace.sql("SELECT stay_id, host, path, kind FROM stay")
    found = workspace.sql("SELECT stay_id, detector FROM evidence")
    lives = labelled(stays, found, workspace.sql("SELECT host, kind FROM coverage"), fleet.truth)
    best: dict[tuple[str, str], Scored] = {}
    with reweighing(fleet) as engine:
        for family in sorted({one.family for one in fleet.truth.intruders}) or [""]:
            settings = Settings(shares=merged(without(fleet.known, family)))
            for each in ranked(engine, settings):
                one = is_intruders(fleet.truth, each.host, each.program)
                before = best.get((each.host, each.program))
                if (one is None or one.family == family) and (before is None or before.score < each.score):
                    best[each.host, each.program] = each
    families = {life.family for life in fleet.known}
    notes: dict[str, float | str] = {"lives learned from": len(fleet.known), "families": ", ".join(sorted(families))}
    return [ranking(fleet.truth, "lodger-calibrated", best.values(), notes=notes, labelled=lives)]


def merged(learned: Mapping[str, Shares]) -> dict[str, Shares]:
    """The shipped shares, with P(finding | implant) as it was learned where it was."""
    both = dict(shipped())
    for name, each in learned.items():
        both[name] = Shares(each.p_implant, both.get(name, Shares()).p_ordinary)
    return both
