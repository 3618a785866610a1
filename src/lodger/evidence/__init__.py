"""What speaks for an intruder: detectors over stays and events, each finding with the records behind it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib import resources
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from lodger.engine import Engine
from lodger.engine.together import Task, together
from lodger.evidence.detector import COLUMNS, MAX_REFS, Loaded, all_detectors, tell
from lodger.evidence.registrable import DOMAINS, registrable
from lodger.evidence.regular import judge_units
from lodger.evidence.rhythm import JUDGED
from lodger.model.ingest import Progress, Silent
from lodger.model.tables import COUNT, TEXT, TEXTS, TIME

#: One row per finding. ``refs`` are the records behind it (``source:record``), at most twenty; ``records`` how many
#: there are.
FINDING: Final = pa.schema(
    [
        ("stay_id", TEXT),
        ("detector", TEXT),
        ("first", TIME),
        ("last", TIME),
        ("sentence", TEXT),
        ("refs", TEXTS),
        ("records", COUNT),
    ]
)


def find(engine: Engine, progress: Progress, judged: pa.Table | None = None) -> None:
    """Put every detector's question to every stay; the answers become table ``finding``, of :data:`FINDING`.
    Table ``kin`` says who came with whom, ``entry`` what starts programs by itself.

    ``engine`` has the tables of :mod:`lodger.stays` that are kept or put together of all days, and :func:`row_tables`.
    Table ``statement`` has what is known of signers and files (:data:`lodger.model.statement.STATEMENT`).
    ``judged`` is what calls said until now (:data:`JUDGED`), and need not be asked again; the table of that name is
    what they say now.
    """
    found = all_detectors()
    progress.phase("evidence", len(found) + 1)
    engine.map("destination_domain", _select("registrable"), registrable, DOMAINS)
    judge_units(engine, judged)
    progress.advance(1)
    touch(engine)
    engine.create("kin", _select("kin"))
    engine.create("entry", _select("entry"))
    engine.load("finding", _answers(engine, found, progress))


def row_tables() -> tuple[str, ...]:
    """The tables that :func:`gather` makes."""
    return tuple(f"{each.id}_rows" for each in all_detectors() if each.rows is not None)


def gather(engine: Engine) -> None:
    """Make the tables of rows that detectors ask for, from events and the tables of :mod:`lodger.stays`."""
    names = {f"{each.id}_rows": each.rows for each in all_detectors() if each.rows is not None}
    tasks = [Task(name, rows, partial(engine.create, name, rows)) for name, rows in names.items()]
    together(engine, tasks)


def touch(engine: Engine) -> None:
    """Make ``touched`` and ``trusted_signer``: what the statements of table ``statement`` speak of."""
    for name in ("touched", "trusted_signer"):
        engine.create(name, _select(name))


def learn(engine: Engine) -> pa.Table:
    """Ask again what the trust ledger changes, and nothing else: rows of :data:`FINDING`.

    ``engine`` has ``stay``, ``signature``, ``host_span`` and ``statement``.
    """
    touch(engine)
    return _answers(engine, [each for each in all_detectors() if each.detector.learns], Silent())


def _select(name: str) -> str:
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")


def _answers(engine: Engine, found: Sequence[Loaded], progress: Progress) -> pa.Table:
    tasks = [Task(each.id, each.select, partial(_asked, engine, each)) for each in found]
    answers = together(engine, tasks, lambda: progress.advance(1))
    return pa.Table.from_batches([batch for answer in answers for batch in answer], schema=FINDING)


def _asked(engine: Engine, found: Loaded) -> list[pa.RecordBatch]:
    return [_told(found, batch) for batch in engine.stream(found.select)]


def _told(found: Loaded, batch: pa.RecordBatch) -> pa.RecordBatch:
    rows = batch.to_pylist()
    columns = [
        batch.column("stay_id"),
        pa.array([found.id] * batch.num_rows, TEXT),
        batch.column("first").cast(TIME),
        batch.column("last").cast(TIME),
        pa.array([tell(found.detector.sentence, row) for row in rows], TEXT),
        pc.list_slice(batch.column("refs").cast(TEXTS), 0, MAX_REFS),
        batch.column("records").cast(COUNT),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=FINDING)


__all__ = ["COLUMNS", "FINDING", "JUDGED", "all_detectors", "find", "gather", "learn", "row_tables", "touch"]
