"""RITA's beacon score of the best contact that a host had on any day.

A contact is an inside address and what it called, by the name in the request or handshake where there is one, else the
address, as RITA 5 pairs them; its sizes are the sender's bytes with their headers (``src_ip_bytes``). RITA looks at 24
hours; whose address it was that day it does not know, and is told here. Its further modifiers (prevalence, threat
lists, first seen) are not part of the score.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from benchmarks.lab.fleet import Fleet
from benchmarks.lab.rankings import Ranking, Scored, ranking
from lodger.engine.duckdb import DuckDB
from lodger.lab.baselines import DAY, rita
from lodger.lake.tables import Lake
from lodger.model.tables import LAKE

_TABLES: Final = ("zeek_conn", "zeek_http", "zeek_ssl")
_INSIDE: Final = r"^(10\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|169\.254\.|127\.|fe80:|f[cd])"
_CALLS: Final = f"""
    SELECT id_orig_h AS caller, day, destination,
        list_sort(list(struct_pack(at := epoch(c.time), sent := orig_ip_bytes))) AS calls
    FROM (
        SELECT c.*, COALESCE(h.name, s.name, id_resp_h) AS destination
        FROM zeek_conn AS c
        LEFT JOIN (SELECT uid, min(host) AS name FROM zeek_http GROUP BY uid) AS h ON h.uid = c.uid
        LEFT JOIN (SELECT uid, min(server_name) AS name FROM zeek_ssl GROUP BY uid) AS s ON s.uid = c.uid
        WHERE regexp_matches(id_orig_h, '{_INSIDE}') AND NOT regexp_matches(id_resp_h, '{_INSIDE}')
    ) AS c
    GROUP BY caller, day, destination
    HAVING COUNT(*) >= 4
"""  # noqa: S608


def run(fleet: Fleet) -> list[Ranking]:
    """Every host by its best score."""
    best: dict[str, float] = {}
    lake = Lake(fleet.whole().path)
    engine = DuckDB(lake.spool / "rita")
    try:
        for name in _TABLES:
            engine.scan(name, lake.files(name), LAKE[name])
        for batch in engine.stream(_CALLS):
            for host, score in _scores(fleet, batch.to_pylist()):
                best[host] = max(score, best.get(host, 0.0))
    finally:
        engine.close()
    return [ranking(fleet.truth, "rita", (Scored(host, "", score) for host, score in best.items() if score > 0))]


def _scores(fleet: Fleet, rows: list[dict[str, Any]]) -> Iterator[tuple[str, float]]:
    for row in rows:
        host = fleet.addresses.get((row["caller"], (row["day"] - fleet.first).days))
        if host is not None:
            midnight = datetime.combine(row["day"], datetime.min.time(), UTC).timestamp()
            times = np.array([call["at"] for call in row["calls"]], dtype=np.float64) - midnight
            sizes = np.array([call["sent"] or 0 for call in row["calls"]], dtype=np.float64)
            if times[-1] < DAY:
                yield host, rita(times, sizes, 0.0)
