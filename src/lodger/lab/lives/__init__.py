"""Intruders' lives: what kinds there are, and what each leaves in the records. Log lines only; nothing acts."""

from lodger.lab.lives.arriving import prepare
from lodger.lab.lives.blind import blind
from lodger.lab.lives.cast import Life, cast
from lodger.lab.lives.families import draw, duqu_variants, evasive, grid, named, of_families, scenarios
from lodger.lab.lives.living import live
from lodger.lab.lives.lodging import Lodging, Stayed, account, lodgings
from lodger.lab.lives.scenario import Scenario

__all__ = [
    "Life",
    "Lodging",
    "Scenario",
    "Stayed",
    "account",
    "blind",
    "cast",
    "draw",
    "duqu_variants",
    "evasive",
    "grid",
    "live",
    "lodgings",
    "named",
    "of_families",
    "prepare",
    "scenarios",
]
