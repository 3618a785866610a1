"""The isolation forest: the paper's score, and what a stay is described by."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.lab.methods.forest import features, judge
from lodger.evidence import all_detectors

STAY: dict[str, Any] = {
    "kind": "process",
    "place": "system",
    "role": "plain",
    "is_signed": True,
    "launch_seen": None,
    "launches": 1,
    "days": 3,
    "hours": 0,
    "quiet": None,
    "arrived": True,
    "left_again": False,
    "destinations": None,
    "contacts": None,
    "bytes_out": None,
    "bytes_in": None,
    "detectors": None,
}


def test_where_all_are_alike_the_score_is_a_half() -> None:
    # the paper: "if all the instances return s = 0.5, then the entire sample does not really have any distinct anomaly"
    assert judge(np.ones((300, 4)), 1) == pytest.approx(np.full(300, 0.5))


def test_what_stands_apart_has_the_highest_score() -> None:
    table = np.random.default_rng(1).normal(size=(500, 3))
    table[17] = 9.0
    scores = judge(table, 1)
    assert int(np.argmax(scores)) == 17
    assert scores[17] > 0.6 > float(np.median(scores))


def test_a_stay_is_told_by_counts_flags_words_and_detectors() -> None:
    detectors = [each.id for each in all_detectors()]
    stays = [STAY, {**STAY, "place": "temp", "is_signed": None, "detectors": detectors[:1]}]
    table = features(stays, detectors)
    words = 1 + 2 + 1  # one kind, two places, one role
    assert table.shape == (2, 8 + 4 + words + len(detectors))
    assert table[0, :12] == pytest.approx([np.log(2), np.log(4), 0, 0, 0, 0, 0, 0, 1, 0.5, 1, 0])
    assert table[1, 8] == 0.5
    assert [row.tolist() for row in table[:, 12 : 12 + words]] == [[1, 1, 0, 1], [1, 0, 1, 1]]
    assert table[:, 12 + words :].sum(axis=1).tolist() == [0, 1]
    assert features(stays, []).tolist() == table[:, : 12 + words].tolist()
