"""``lodger hunt``: everything, from raw logs to ranked stays and a report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lodger.cli.intake import take_in
from lodger.cli.options import (
    CASE,
    AsOf,
    Budget,
    CaseDirectory,
    FailOnCases,
    Format,
    OutputFormat,
    Paths,
    SharesFile,
    Top,
    moment,
)
from lodger.cli.outcome import exit_code, tell_analysis
from lodger.cli.progress import progress
from lodger.cli.publish import publish
from lodger.cli.render.cases import print_cases
from lodger.cli.render.ingest import totals
from lodger.cli.terminal import complain

EXAMPLE = "lodger hunt logs/ server.evtx zeek.zip --top 10"


def hunt(
    paths: Paths,
    case: CaseDirectory = CASE,
    report: Annotated[
        Path | None,
        typer.Option("--report", metavar="FILE", help="The report to write; by default report.html in the case."),
    ] = None,
    top: Top = None,
    form: OutputFormat = Format.TABLE,
    fail_on_cases: FailOnCases = False,
    as_of: AsOf = None,
    budget: Budget = None,
    shares: SharesFile = None,
) -> int:
    """Do it all: ingest, analyse, print, report.

    Finds what is under PATH, stores it in the case, weighs the evidence, prints the ranked stays and writes a report.
    What the case knows already is not read again.
    """
    then = moment(as_of)
    workspace, summary = take_in(paths, case)
    complain(totals(summary))
    with progress() as watched:
        analysis = workspace.analyse(watched, shares)
    workspace = workspace.as_of(then)
    ranked = workspace.ranked()
    print_cases(ranked, form, top, budget)
    tell_analysis(analysis)
    publish(workspace, ranked, analysis, report or case / "report.html")
    return exit_code(ranked, fail_on_cases, budget)
