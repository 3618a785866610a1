"""``lodger show``: one stay's life."""

from __future__ import annotations

from typing import Annotated

import typer

from lodger.cli.options import CASE, AsOf, CaseDirectory, Format, OutputFormat, moment
from lodger.cli.render.life import print_life

EXAMPLE = "lodger show 3f9a2b"


def show(
    stay: Annotated[str, typer.Argument(metavar="STAY", help="The stay's id, or a beginning of it that no other has.")],
    case: CaseDirectory = CASE,
    form: OutputFormat = Format.TABLE,
    as_of: AsOf = None,
) -> int:
    """Tell one stay's life, and the sum behind it.

    Dated lines by facet, the raw records behind them, the weights that make up its odds, and how its trust went: what
    was said of its signature, and what was learned later.
    """
    from lodger.workspace import Workspace

    print_life(Workspace.open(case).as_of(moment(as_of)).life(stay), form)
    return 0
