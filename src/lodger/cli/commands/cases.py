"""``lodger cases``: the ranked table."""

from __future__ import annotations

from lodger.cli.options import CASE, AsOf, Budget, CaseDirectory, FailOnCases, Format, OutputFormat, Top, moment
from lodger.cli.outcome import exit_code
from lodger.cli.render.cases import print_cases

EXAMPLE = "lodger cases --format json --top 10"


def cases(
    case: CaseDirectory = CASE,
    top: Top = None,
    form: OutputFormat = Format.TABLE,
    fail_on_cases: FailOnCases = False,
    as_of: AsOf = None,
    budget: Budget = None,
) -> int:
    """Print the stays, most suspicious first.

    They are ranked as the last analysis left them.
    """
    from lodger.workspace import Workspace

    ranked = Workspace.open(case).as_of(moment(as_of)).ranked()
    print_cases(ranked, form, top, budget)
    return exit_code(ranked, fail_on_cases, budget)
