from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.cli.render.data import as_csv, as_json, case_fields, instant, life_fields
from lodger.model.findings import Case, Evidence, Facet, Life, RecordRef, Term
from lodger.model.trust import TrustLine

CASE = Case(
    rank=3,
    stay_id="ab12",
    host="h",
    program="p.exe",
    contacts=("203.0.113.7",),
    arrival=datetime(2011, 9, 1, 8, 14, 5),
    departure=None,
    first_seen=datetime(2011, 9, 1, 8, 14, 5, 120000),
    last_seen=datetime(2011, 9, 2),
    weight_db=12.5,
    odds=0.25,
    lfdr=0.5,
    facets=(Facet.ARRIVAL, Facet.CONTACT),
    story="It came.",
    came_with="cd34",
)
CASE_FIELDS = {
    "format_version": 1,
    "rank": 3,
    "stay_id": "ab12",
    "came_with": "cd34",
    "host": "h",
    "program": "p.exe",
    "contacts": ["203.0.113.7"],
    "arrival": "2011-09-01T08:14:05Z",
    "departure": None,
    "first_seen": "2011-09-01T08:14:05.120000Z",
    "last_seen": "2011-09-02T00:00:00Z",
    "weight_db": 12.5,
    "odds": 0.25,
    "lfdr": 0.5,
    "e_value": None,
    "chosen": None,
    "facets": ["arrival", "contact"],
    "story": "It came.",
}
EVIDENCE = Evidence(
    stay_id="ab12",
    detector="rare_destination",
    title="Nobody else goes there",
    facet=Facet.CONTACT,
    technique="T1071",
    sentence="One program of 120 contacts it",
    first=datetime(2011, 9, 1, 9),
    last=datetime(2011, 9, 1, 10),
    p_implant=0.5,
    p_ordinary=0.05,
    weight_db=10.0,
    counted_db=7.5,
    records=(RecordRef("conn.log", 9),),
    total_records=40,
)
FORMULA = tuple("=+-@\t\r")


def test_a_stay_has_the_fields_that_are_promised() -> None:
    assert case_fields(CASE) == CASE_FIELDS


def test_a_life_adds_its_evidence() -> None:
    learned = TrustLine(datetime(2011, 10, 14), "learned: signer revoked", learned=True)
    case = replace(CASE, terms=(Term("trust: nothing", -4.4),))
    life = Life(case, -50.0, (EVIDENCE,), (), ("no DNS log",), (learned,))
    assert life_fields(life) == CASE_FIELDS | {
        "prior_db": -50.0,
        "terms": [{"sentence": "trust: nothing", "weight_db": -4.4}],
        "evidence": [
            {
                "detector": "rare_destination",
                "title": "Nobody else goes there",
                "facet": "contact",
                "technique": "T1071",
                "weight_db": 10.0,
                "counted_db": 7.5,
                "p_implant": 0.5,
                "p_ordinary": 0.05,
                "first": "2011-09-01T09:00:00Z",
                "last": "2011-09-01T10:00:00Z",
                "sentence": "One program of 120 contacts it",
                "records": [{"file": "conn.log", "record": 9}],
                "total_records": 40,
            }
        ],
        "shares": None,
        "unseen": ["no DNS log"],
        "trust": [{"time": "2011-10-14T00:00:00Z", "sentence": "learned: signer revoked", "learned": True}],
    }


@pytest.mark.parametrize("odds", [math.inf, math.nan])
def test_a_number_that_json_lacks_is_null(odds: float) -> None:
    assert json.loads(as_json(case_fields(replace(CASE, odds=odds))))["odds"] is None


def test_a_time_with_a_zone_becomes_utc() -> None:
    assert instant(datetime(2011, 9, 1, 8, tzinfo=timezone(timedelta(hours=8)))) == "2011-09-01T00:00:00Z"


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_loses_nothing_and_commands_no_terminal(value: Any) -> None:
    written = as_json(value)
    assert json.loads(written) == value
    assert written.replace("\n", "").isascii()
    assert written.replace("\n", "").isprintable()


@given(st.lists(st.fixed_dictionaries({"name": st.text(), "many": st.lists(st.text())})))
def test_no_cell_of_the_csv_is_a_formula(rows: list[dict[str, Any]]) -> None:
    cells = [cell for row in csv.reader(io.StringIO(as_csv(("name", "many"), rows))) for cell in row]
    assert len(cells) == 2 * (len(rows) + 1)
    assert not [cell for cell in cells if cell.lstrip().startswith(FORMULA)]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("  =1+1", "'  =1+1"),
        ("\t=1+1", "'[U+0009]=1+1"),
        ("-dash.exe", "'-dash.exe"),
        ("\uff20here", "'\uff20here"),
        ("line\nbreak", "line[U+000A]break"),
        ("a=b", "a=b"),
        (-3.5, "-3.5"),
        (None, ""),
        (["-a", "b"], "'-a; b"),
    ],
)
def test_csv_cells_are_disarmed(value: object, cell: str) -> None:
    assert list(csv.reader(io.StringIO(as_csv(("x", "y"), [{"x": value, "y": 1}])))) == [["x", "y"], [cell, "1"]]
