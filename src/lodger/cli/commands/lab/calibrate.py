"""``lodger lab calibrate``: what detectors show of labelled lives."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lodger.cli.render.calibration import print_calibration
from lodger.errors import InputError

EXAMPLE = "lodger lab calibrate case1 case2 --truth fleet1.truth.json --truth fleet2.truth.json --out shares.json"


def calibrate(
    cases: Annotated[list[Path], typer.Argument(metavar="CASE", help="Analysed cases of fleets with known intruders.")],
    truths: Annotated[
        list[Path], typer.Option("--truth", metavar="FILE", help="The truth of each case, in the order of the cases.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write the shares.")],
    without: Annotated[
        list[str] | None, typer.Option("--without", metavar="FAMILY", help="Learn nothing of this family of lives.")
    ] = None,
) -> int:
    """Learn from labelled lives how often an implant shows each finding.

    The shares of the detectors' headers count as much as 20 lives. Every family of lives is judged by shares learned of
    the others, and the result is printed: the mean surprise in decibans, by the headers and by what was learned.
    """
    from lodger.lab.calibrate import Labelled, estimate, folds, labelled
    from lodger.lab.truth import read_truth
    from lodger.verdict.settings import written
    from lodger.workspace import Workspace

    if len(cases) != len(truths):
        raise InputError(f"{len(cases)} cases and {len(truths)} truths", advice="give one --truth for each case")
    lives: list[Labelled] = []
    for case, truth in zip(cases, truths, strict=True):
        workspace = Workspace.open(case)
        tables = [workspace.sql(f"SELECT * FROM {name}") for name in ("stay", "evidence", "coverage")]  # noqa: S608
        lives += labelled(tables[0], tables[1], tables[2], read_truth(truth))
    kept = [life for life in lives if life.family not in (without or ())]
    if not kept:
        raise InputError("there is no life to learn of", advice="give cases whose truth tells of intruders")
    shares = estimate(kept)
    out.write_bytes(written(shares, f"{len(kept)} lives of {len({life.family for life in kept})} families"))
    print_calibration(folds(lives), shares, len(kept), out)
    return 0
