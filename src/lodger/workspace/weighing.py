"""With which shares an analysis weighed: kept in the case, so that what is weighed anew is weighed by the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa

from lodger.engine import Engine
from lodger.evidence import all_detectors
from lodger.model.tables import TEXT
from lodger.verdict import Settings, Shares
from lodger.verdict.settings import over_shipped, read_shares_file

#: The table: a row for each detector in the file; none where the shipped shares were taken.
SHARES: Final = pa.schema(
    [("detector", TEXT), ("p_implant", pa.float64()), ("p_ordinary", pa.float64()), ("file", TEXT), ("made_from", TEXT)]
)


def table(path: Path | None) -> pa.Table:
    """The shares of a file, or none. Raises InputError."""
    if path is None:
        return SHARES.empty_table()
    read = read_shares_file(path)
    rows = [
        {"detector": name, "p_implant": each.p_implant, "p_ordinary": each.p_ordinary}
        | {"file": path.name, "made_from": read.made_from}
        for name, each in sorted(read.detectors.items())
    ]
    return pa.Table.from_pylist(rows, schema=SHARES)


def complete(engine: Engine, kept: Collection[str]) -> None:
    """Give ``engine`` an empty table where the analysis, of an earlier Lodger, ``kept`` none."""
    if "shares" not in kept:
        engine.load("shares", SHARES.empty_table())


def settings(engine: Engine) -> Settings:
    """How to weigh, by the table ``shares`` on ``engine``."""
    rows = engine.query("SELECT detector, p_implant, p_ordinary FROM shares").to_pylist()
    return Settings(shares=over_shipped({row["detector"]: Shares(row["p_implant"], row["p_ordinary"]) for row in rows}))


def notes(engine: Engine) -> Iterator[str]:
    """One line where the shares are not the shipped ones: of which file, learned of what."""
    rows = engine.query("SELECT detector, file, made_from FROM shares ORDER BY detector").to_pylist()
    if rows:
        known = {each.id for each in all_detectors()}
        strange = [row["detector"] for row in rows if row["detector"] not in known]
        told = f"weighed with the shares of {rows[0]['file']} (made from {rows[0]['made_from']}): {len(rows)} detectors"
        yield f"{told}; not known here: {', '.join(strange)}" if strange else told
