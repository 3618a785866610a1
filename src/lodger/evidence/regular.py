"""The regular-contact step of an analysis: every unit of contact judged, by that day's calls where a state is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import resources
from typing import Final

import pyarrow as pa

from lodger.engine import Engine
from lodger.errors import LodgerError
from lodger.evidence.rhythm import JUDGED, PAST, RHYTHMS, STATE, past, rhythms, sound
from lodger.model.tables import TEXT, TIME

#: What an analysis keeps for the next one: a row for each unit with many calls.
UNIT_STATE: Final = pa.schema(
    [
        ("host", TEXT), ("stay_id", TEXT), ("unit", TEXT), ("name", TEXT), ("last", TIME), *STATE,
        ("version", TEXT),
    ]
)  # fmt: skip


def judge_units(engine: Engine, earlier: Sequence[str] = ()) -> tuple[str, ...]:
    """Make ``contact_unit``, its ``rhythm`` (:data:`lodger.evidence.rhythm.RHYTHMS`) and, for the next analysis,
    ``kept_state`` (:data:`UNIT_STATE`); notes on what could not be used.

    ``earlier`` are the Parquet files of the ``kept_state`` of an analysis before this one. The answer is the same
    without them. ``engine`` has the tables of :mod:`lodger.stays` and ``destination_domain``.
    """
    engine.load("kernel_version", pa.table({"version": [_version()]}))
    notes = _recalled(engine, earlier)
    engine.view("unit_day", _sql("unit_day"))
    if engine.query("SELECT 1 FROM unit_state LIMIT 1").num_rows:
        engine.map("unit_past", _sql("unit_past"), past, PAST)
    else:
        engine.load("unit_past", PAST.empty_table())
    engine.create("unit_known", _sql("unit_known"))
    engine.create("contact_unit", _sql("contact_unit"))
    engine.map("judged", _sql("rhythm"), rhythms, JUDGED)
    engine.create("rhythm", f"SELECT {', '.join(RHYTHMS.names)} FROM judged")  # noqa: S608  # names of our own
    engine.create("kept_state", _sql("kept_state"))
    return notes


def _recalled(engine: Engine, earlier: Sequence[str]) -> tuple[str, ...]:
    """Make ``unit_state`` of what is kept."""
    try:
        engine.scan("earlier_state", earlier, UNIT_STATE)
        engine.map("unit_state", _sql("unit_state"), sound, UNIT_STATE)
    except LodgerError as error:
        engine.load("unit_state", UNIT_STATE.empty_table())
        return (f"regular contact was judged from all calls: what the last analysis kept cannot be read ({error})",)
    return ()


def _version() -> str:
    """Of what judges: a state is of use to the same arithmetic only."""
    from lodger.evidence.renewal import PARTS

    files = (resources.files(__package__).joinpath(part).read_bytes() for part in PARTS)
    return hashlib.sha256(b"\0".join(files)).hexdigest()


def _sql(name: str) -> str:
    return (resources.files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
