"""``lodger lab scenarios``: the intruders' lives that fleets and planting know."""

from __future__ import annotations

from typing import Annotated

import typer

from lodger.cli.render.ledger import LedgerFormat, LedgerOutput
from lodger.cli.render.scenarios import print_scenarios

EXAMPLE = "lodger lab scenarios --family usb --family sideload"

Families = Annotated[
    list[str] | None, typer.Option("--family", metavar="NAME", help="Only scenarios of this family; may be repeated.")
]


def scenarios(families: Families = None, form: LedgerOutput = LedgerFormat.TABLE) -> int:
    """List the intruders' lives with their traits.

    A family is a plan that several lives share; an evaluation holds families out as a whole.
    """
    from lodger.lab.lives import of_families

    print_scenarios(of_families(families), as_table=form is LedgerFormat.TABLE)
    return 0
