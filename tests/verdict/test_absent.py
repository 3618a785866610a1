"""A facet's silence counts only where it could have been broken: by the sensors at hand, and in the time there was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.verdict.test_verdict import COVERAGE, KIN, START, STAY

from lodger import verdict
from lodger.engine.duckdb import DuckDB
from lodger.evidence import FINDING
from lodger.evidence.detector import KINDS

HOST_KINDS = KINDS - {"connections", "traffic", "handshakes", "lookups"}
CONTACTS = pa.schema([("stay_id", pa.string()), ("contacts", pa.list_(pa.string()))])


def silent(
    spool: Path,
    stay: dict[str, Any],
    kinds: Sequence[str],
    found: Sequence[str] = ("renamed",),
    *,
    backwards: bool = False,
    kin: dict[str, Any] | None = None,
) -> dict[str, float]:
    """What silence is told of one stay among ninety-nine, by facet, on a host from which these kinds of record came;
    ``kin`` is what is to be told of a second one, which came with it.
    """
    told = {"stay_id": "s0", "host": "h", "program": "p0", "kind": "process", "path": "p0", "name": "p0"}
    first: dict[str, Any] = told | {"first_seen": START}
    stays = [first | {"last_seen": START + timedelta(days=30), "arrival": START} | stay]
    stays += [first | {"stay_id": f"s{n}", "program": f"p{n}", "last_seen": START} for n in range(1, 99)]
    stays[1] |= kin or {}
    findings = [
        {
            "stay_id": "s0",
            "detector": each,
            "first": START,
            "last": START,
            "sentence": "",
            "refs": ["a:1"],
            "records": 1,
        }
        for each in found
    ]
    engine = DuckDB(spool)
    for name, rows, schema in (
        ("stay", stays, STAY),
        ("kin", [{"stay_id": a, "kin": b} for a, b in (("s0", "s1"), ("s1", "s0")) if kin], KIN),
        ("finding", findings, FINDING),
        ("coverage", [{"host": "h", "kind": kind} for kind in kinds], COVERAGE),
        ("main_contact", [], CONTACTS),
    ):
        engine.load(name, pa.Table.from_pylist(rows[::-1] if backwards else rows, schema=schema))
    verdict.rank(engine)
    case, *others = engine.query("SELECT terms, terms_db FROM ranked ORDER BY came_with NULLS FIRST").to_pylist()
    engine.close()
    assert others == ([case] if kin else [])  # all of a party have the same terms
    return {term.partition(":")[0]: weight for term, weight in zip(case["terms"], case["terms_db"], strict=True)}


def test_all_that_could_have_been_seen_in_a_month_and_was_not_counts_but_departure(tmp_path: Path) -> None:
    told = silent(tmp_path, {}, sorted(KINDS))
    assert set(told) == {"arrival", "trust", "residence", "contact"}
    assert all(-15 < weight < -1 for weight in told.values())
    assert told == silent(tmp_path, {}, sorted(KINDS), backwards=True)


@pytest.mark.parametrize(
    ("stay", "facets"),
    [
        ({"arrival": None}, {"trust", "residence", "contact"}),
        ({"last_seen": START + timedelta(days=6, hours=23)}, {"arrival", "trust"}),
        ({"last_seen": START + timedelta(days=7)}, {"arrival", "trust", "residence", "contact"}),
        ({"departure": START + timedelta(days=30)}, {"arrival", "trust", "residence", "contact"}),
        ({"kind": "network", "arrival": None}, {"residence", "contact"}),
    ],
    ids=["its arrival was not seen", "less than a week", "a week", "it left", "only the network saw it"],
)
def test_what_had_no_time_or_place_to_show_says_nothing(tmp_path: Path, stay: dict[str, Any], facets: set[str]) -> None:
    assert set(silent(tmp_path, stay, sorted(KINDS))) == facets


def test_silence_of_a_sensor_never_acquits(tmp_path: Path) -> None:
    assert silent(tmp_path, {}, []) == {}
    assert set(silent(tmp_path, {}, sorted(HOST_KINDS))) == {"arrival", "trust", "residence"}
    assert "trust" not in silent(tmp_path, {}, ["files", "registry"])


def test_a_facet_that_spoke_is_not_silent(tmp_path: Path) -> None:
    told = silent(tmp_path, {}, sorted(KINDS), ["renamed", "opens_shell", "regular_lookups"])
    assert set(told) == {"arrival", "trust"}


def test_fewer_questions_that_could_be_answered_weigh_less(tmp_path: Path) -> None:
    few = silent(tmp_path, {}, ["launches"])["residence"]
    assert silent(tmp_path, {}, ["launches", "accesses"])["residence"] < few < 0


@pytest.mark.parametrize(
    ("stay", "kin", "facets"),
    [
        ({"last_seen": START}, {}, {"arrival", "trust"}),
        ({"last_seen": START}, {"last_seen": START + timedelta(days=7)}, {"arrival", "trust", "residence", "contact"}),
        (
            {"first_seen": START + timedelta(days=6), "last_seen": START + timedelta(days=7), "arrival": None},
            {"first_seen": START, "last_seen": START + timedelta(days=1), "arrival": START},
            {"arrival", "trust", "residence", "contact"},
        ),
        ({"arrival": None, "last_seen": START}, {"arrival": None}, {"trust"}),
    ],
    ids=["both were there for a moment", "the other stayed", "one after the other", "no arrival was seen"],
)
def test_a_party_is_silent_as_long_as_any_of_it_was_there(
    tmp_path: Path, stay: dict[str, Any], kin: dict[str, Any], facets: set[str]
) -> None:
    assert set(silent(tmp_path, stay, sorted(KINDS), kin=kin or {"last_seen": START})) == facets


def test_who_of_a_party_spoke_spoke_for_all(tmp_path: Path) -> None:
    told = silent(tmp_path, {}, sorted(KINDS), ["renamed", "opens_shell"], kin={"arrival": START})
    assert set(told) == {"arrival", "trust", "contact"}
