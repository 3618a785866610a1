"""The regular-contact step of an analysis: every unit of contact judged."""

from __future__ import annotations

from importlib import resources

from lodger.engine import Engine
from lodger.evidence.rhythm import RHYTHMS, rhythms


def judge_units(engine: Engine) -> None:
    """Make ``contact_unit`` and its ``rhythm`` (:data:`lodger.evidence.rhythm.RHYTHMS`).

    ``engine`` has the tables of :mod:`lodger.stays` and ``destination_domain``.
    """
    engine.view("unit_part", _sql("unit_part"))
    engine.create("contact_unit", _sql("contact_unit"))
    engine.map("rhythm", _sql("rhythm"), rhythms, RHYTHMS)


def _sql(name: str) -> str:
    return (resources.files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
