"""The regular-contact step of an analysis: units of contact are judged whose calls are not those of before."""

from __future__ import annotations

from importlib import resources

import pyarrow as pa

from lodger.engine import Engine
from lodger.evidence.rhythm import JUDGED, rhythms, version


def judge_units(engine: Engine, before: pa.Table | None = None) -> None:
    """Make ``contact_unit``, what its calls say (``judged``, of :data:`lodger.evidence.rhythm.JUDGED`), both together
    (``rhythm``), and the records of what seems regular (``unit_ref``).

    ``engine`` has the tables of :mod:`lodger.stays` and ``destination_domain``. ``before`` is what was ``judged`` until
    now: what has the same calls and the same judge holds.
    """
    engine.load("judged_before", JUDGED.empty_table() if before is None else before)
    engine.load("judge", pa.table({"version": [version()]}))
    engine.view("unit_part", _sql("unit_part"))
    engine.create("contact_unit", _sql("contact_unit"))
    engine.map("judged_now", _sql("unjudged"), rhythms, JUDGED)
    for step in ("judged", "rhythm", "unit_ref"):
        engine.create(step, _sql(step))


def _sql(name: str) -> str:
    return (resources.files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
