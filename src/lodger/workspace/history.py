"""How a stay's trust went: what was said of its signature, and what was learned of it later, as dated lines."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Final

from lodger.engine import Engine
from lodger.model.trust import TrustLine

#: Most lines of one stay.
LINES: Final = 60


def history(engine: Engine, stay_id: str) -> Iterator[TrustLine]:
    """The lines of a stay, by time, the first :data:`LINES`; ``engine`` has ``stay``, ``signature`` and ``touched``."""
    for name in ("signature_line", "statement_line"):
        engine.view(name, _sql(name))
    for row in engine.query(_sql("trust_line"), {"stay_id": stay_id}).to_pylist()[:LINES]:
        yield TrustLine(row["time"], row["sentence"], row["learned"])


def _sql(name: str) -> str:
    return (resources.files(__package__) / f"{name}.sql").read_text(encoding="utf-8")
