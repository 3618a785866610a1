"""Settings change what they say they change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.verdict.test_verdict import CONTACT, COVERAGE, KIN, START, STAY

from lodger import verdict
from lodger.engine.duckdb import DuckDB
from lodger.evidence import FINDING
from lodger.evidence.detector import KINDS
from lodger.verdict import Settings, Shares


def ranked(tmp_path: Path, settings: Settings, more: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Three hundred programs on one host; the first opens a shell, and so do fifty others; ``more`` is found of it."""
    stays = [
        {"stay_id": f"s{n:03}", "host": "h", "program": f"p{n}", "kind": "process", "path": f"p{n}"}
        | {"first_seen": START, "last_seen": START}
        for n in range(300)
    ]
    found = [
        {"stay_id": f"s{n:03}", "detector": detector, "first": START, "last": START, "sentence": ""}
        | {"refs": ["a:1"], "records": 1}
        for n, detector in [*((n, "opens_shell") for n in range(51)), *((0, detector) for detector in more)]
    ]
    kinds = [{"host": "h", "kind": kind} for kind in sorted(KINDS)]
    engine = DuckDB(tmp_path)
    for name, rows, schema in (
        ("stay", stays, STAY),
        ("kin", [], KIN),
        ("finding", found, FINDING),
        ("coverage", kinds, COVERAGE),
        ("main_contact", [], pa.schema([CONTACT.field("stay_id"), ("contacts", pa.list_(pa.string()))])),
    ):
        engine.load(name, pa.Table.from_pylist(rows, schema=schema))
    verdict.rank(engine, settings)
    cases: list[dict[str, Any]] = engine.query("SELECT * FROM ranked ORDER BY rank").to_pylist()
    engine.close()
    return cases


def test_without_prevalence_what_everybody_shows_weighs_what_the_baseline_says(tmp_path: Path) -> None:
    """P(ordinary) 0.01 by the baseline and (0.01 * 50 + 50) / 349 = 0.1447 in the fleet, P(implant) 0.4."""
    shares = {"opens_shell": Shares(0.4, 0.01)}
    plain = Settings(shares=shares, absence=False, dependence=False)
    assert ranked(tmp_path, plain)[0]["weight_db"] == 4.42
    assert ranked(tmp_path, Settings(shares=shares, absence=False, prevalence=False))[0]["weight_db"] == 16.02
    assert ranked(tmp_path, Settings(shares={"opens_shell": Shares(0.8, 0.01)}, absence=False))[0]["weight_db"] == 7.43


def test_silence_is_told_as_a_term_and_can_be_left_out(tmp_path: Path) -> None:
    case = ranked(tmp_path, Settings(shares={"opens_shell": Shares(0.4, 0.01)}))[0]
    (sentence,) = case["terms"]
    assert sentence.startswith("trust: nothing, though ")
    assert case["terms_db"] == [pytest.approx(-4.4, abs=2)]
    assert case["weight_db"] == pytest.approx(4.42 + sum(case["terms_db"]))


def test_the_prior_moves_the_odds_and_not_the_order(tmp_path: Path) -> None:
    low, high = (ranked(tmp_path, Settings(prior_odds=odds))[0] for odds in (1e-5, 1e-3))
    assert low["weight_db"] == high["weight_db"]
    assert high["odds"] == pytest.approx(100 * low["odds"])


def test_a_fleet_of_three_hundred_programs_states_rates_and_chooses_who_stands_far_out(tmp_path: Path) -> None:
    """Fifty weigh alike; of the first more is known than ordinary programs of this fleet ever show."""
    more = ("reads_credentials", "removes_itself", "regular_contact", "double_extension")
    plain = ranked(tmp_path, Settings())
    assert [case["lfdr"] for case in plain[:2]] == [plain[0]["lfdr"]] * 2
    assert not any(case["chosen"] for case in plain)
    first, *others = ranked(tmp_path, Settings(), more)
    assert (first["chosen"], first["lfdr"]) == (True, pytest.approx(0, abs=0.01))
    assert not any(case["chosen"] for case in others)
    assert first["e_value"] > others[0]["e_value"]
