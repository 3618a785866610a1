"""An isolation forest on the same stays that Lodger weighs: with its findings, and without them.

F. T. Liu, K. M. Ting, Z.-H. Zhou, "Isolation forest", ICDM 2008, as scikit-learn has it, with the paper's own settings:
a hundred trees on 256 stays each. A stay is described by what table ``stay`` says of it (where it lies, how long it has
been there and what is known of its arrival, departure and signature), by its contacts, and, in the first of the two, by
which detectors found something: that one has of Lodger all but the weighing. The forest sees the fleet that it judges,
and no labels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import IsolationForest

from benchmarks.lab.fleet import Fleet
from benchmarks.lab.rankings import Ranking, Scored, ranking
from lodger.evidence import all_detectors

Floats = npt.NDArray[np.float64]

TREES: Final = 100
SAMPLE: Final = 256
_STAYS: Final = """
    SELECT s.host, s.path AS program, s.kind, s.place, s.role, s.is_signed, s.launch_seen,
        s.launches, s.days, date_diff('hour', s.first_seen, s.last_seen) AS hours,
        date_diff('hour', s.last_seen, s.last_heard) AS quiet, s.arrival IS NOT NULL AS arrived,
        s.departure IS NOT NULL AS left_again, c.destinations, c.contacts, c.bytes_out, c.bytes_in, f.detectors
    FROM stay AS s
    LEFT JOIN (
        SELECT stay_id, COUNT(DISTINCT destination) AS destinations, sum(len(times)) AS contacts,
            sum(bytes_out) AS bytes_out, sum(bytes_in) AS bytes_in
        FROM contact_day GROUP BY stay_id
    ) AS c ON c.stay_id = s.stay_id
    LEFT JOIN (SELECT stay_id, list_distinct(list(detector)) AS detectors FROM evidence GROUP BY stay_id) AS f
        ON f.stay_id = s.stay_id
    ORDER BY s.stay_id
"""
_COUNTS: Final = ("launches", "days", "hours", "quiet", "destinations", "contacts", "bytes_out", "bytes_in")
_FLAGS: Final = ("is_signed", "launch_seen", "arrived", "left_again")
_WORDS: Final = ("kind", "place", "role")


def run(fleet: Fleet) -> list[Ranking]:
    """Every stay by its anomaly score, 0 to 1."""
    rows = fleet.judged().sql(_STAYS).to_pylist()
    found = [each.id for each in all_detectors()]
    return [
        ranking(
            fleet.truth,
            method,
            (
                Scored(row["host"], row["program"], float(each))
                for row, each in zip(rows, judge(features(rows, detectors), fleet.seed), strict=True)
            ),
        )
        for method, detectors in (("forest", found), ("forest-plain", []))
    ]


def judge(table: Floats, seed: int) -> Floats:
    """The paper's score of every row: near 1 for what is isolated soon, below a half for what is like the others."""
    forest = IsolationForest(n_estimators=TREES, max_samples=min(SAMPLE, len(table)), random_state=seed)
    return np.asarray(-forest.fit(table).score_samples(table), dtype=np.float64)


def features(rows: list[dict[str, Any]], detectors: Sequence[str]) -> Floats:
    """Counts as logarithms, yes and no as 1 and 0, unknown between, each word and each of ``detectors`` a column."""
    columns = [[math.log1p(max(row[name] or 0, 0)) for row in rows] for name in _COUNTS]
    columns += [[0.5 if row[name] is None else float(row[name]) for row in rows] for name in _FLAGS]
    for name in _WORDS:
        columns += [[float(row[name] == word) for row in rows] for word in sorted({row[name] or "" for row in rows})]
    columns += [[float(each in (row["detectors"] or ())) for row in rows] for each in detectors]
    return np.array(columns, dtype=np.float64).T
