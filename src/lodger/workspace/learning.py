"""What is known of signers and files, and what changes when more is learned: the trust ledger of a case.

Statements are added and never changed. An answer as of an earlier day leaves out what was learned later; the telemetry
is the same. Only the questions that the ledger changes are asked again, of what the last analysis kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import resources
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from lodger import evidence, verdict
from lodger.engine import Engine
from lodger.lake.case import check_extensible, sole_writer
from lodger.lake.tables import Lake
from lodger.ledger import from_rows, rows
from lodger.model.trust import Change, Kind, Learned, LedgerEntry

#: What an analysis keeps so that the questions of trust can be asked again.
KEPT: Final = {name: name for name in ("signature", "host_span", "main_contact", "touched", "kin")}

#: Most changes that are told; the rest is counted.
CHANGES: Final = 200


def known(lake: Lake, as_of: datetime | None) -> pa.Table:
    """The statements that were known at ``as_of`` (UTC; None: now), without those that were withdrawn by then."""
    table = lake.read("statement")
    if as_of is not None:
        table = table.filter(pc.less_equal(table["known_from"], pa.scalar(as_of, pa.timestamp("us"))))
    gone = table["withdraws"].drop_null()
    return table.filter(pc.invert(pc.is_in(table["id"], value_set=gone.combine_chunks())))


def entries(lake: Lake, as_of: datetime | None) -> list[LedgerEntry]:
    """:func:`known`, in the order in which it was learned."""
    return sorted(from_rows(known(lake, as_of)), key=lambda each: (each.statement.known_from, each.id))


def add(lake: Lake, said: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Keep statements; gives those that the ledger did not have. Raises CaseHeldError while somebody else writes."""
    check_extensible(lake.root)
    with sole_writer(lake.root):
        there = set(lake.read("statement")["id"].to_pylist())
        new = {each.id: each for each in said if each.id not in there}
        if new:
            lake.append("statement", rows(new.values()), {})
        return list(new.values())


def again(engine: Engine, statements: pa.Table, settings: verdict.Settings | None = None) -> None:
    """Weigh and rank with these statements, by ``settings``: makes ``touched``, ``weighed``, ``ranked`` and
    ``eligible`` on ``engine``, which has what an analysis kept, its evidence as ``kept_evidence``.
    """
    engine.load("statement", statements)
    learned = evidence.learn(engine)
    asked = {each.id for each in evidence.all_detectors() if each.detector.learns}
    query = "SELECT stay_id, detector, first, last, sentence, refs, records FROM kept_evidence WHERE kin IS NULL"
    kept = engine.query(query)
    stays = kept.filter(pc.invert(pc.is_in(kept["detector"], value_set=pa.array(sorted(asked), pa.string()))))
    engine.load("finding", pa.concat_tables([stays.cast(evidence.FINDING), learned]))
    verdict.rank(engine, settings)


def changes(engine: Engine, new: Sequence[LedgerEntry], before: Mapping[str, tuple[int, float]]) -> Learned:
    """What the new statements touch, on an ``engine`` on which :func:`again` ran; ``before`` has ranks and weights by
    stay.
    """
    withdrawn = {each.statement.withdraws for each in new if each.statement.kind is Kind.WITHDRAWN}
    engine.load("learned", pa.table({"id": pa.array([each.id for each in new], pa.string())}))
    found = [_change(row, before) for row in engine.query(_sql("touched_by")).to_pylist()]
    if withdrawn:
        found += [_change(row, before) for row in engine.query(_sql("let_go")).to_pylist() if _moved(row, before)]
    found.sort(key=lambda each: (each.rank_after or 2**62, each.host, each.program))
    return Learned(len(new), len({each.host for each in found}), tuple(found[:CHANGES]), max(0, len(found) - CHANGES))


def standing(engine: Engine) -> dict[str, tuple[int, float]]:
    """Rank and weight of every case by its stay."""
    found = engine.query("SELECT stay_id, rank, weight_db FROM ranked").to_pylist()
    return {row["stay_id"]: (row["rank"], row["weight_db"]) for row in found}


def _moved(row: Mapping[str, Any], before: Mapping[str, tuple[int, float]]) -> bool:
    return bool(before.get(row["stay_id"], (None, 0.0))[1] != row["weight_after"])


def _change(row: dict[str, Any], before: Mapping[str, tuple[int, float]]) -> Change:
    rank, weight = before.get(row["stay_id"], (None, 0.0))
    return Change(
        host=row["host"],
        program=row["program"] or "",
        stay_id=row["stay_id"],
        sentence=row["sentence"],
        since=row["since"],
        until=row["until"],
        present=row["present"],
        rank_before=rank,
        rank_after=row["rank_after"],
        weight_before=weight,
        weight_after=row["weight_after"] or 0.0,
    )


def _sql(name: str) -> str:
    return (resources.files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
