"""What the charts draw: rows and folds, and specifications that Vega-Lite takes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import vl_convert
from tests.report import sample

from lodger.model.findings import ContactDay, Facet
from lodger.report import charts


def _beacon(begin: datetime, gap: timedelta, count: int) -> tuple[ContactDay, ...]:
    times = tuple(begin + gap * number for number in range(count))
    return (ContactDay("203.0.113.9", begin.replace(hour=0), times, 5, None),)


@pytest.mark.parametrize(
    ("gap", "fold"),
    [(timedelta(hours=6), "day"), (timedelta(minutes=10), "hour"), (timedelta(seconds=30), "minute")],
)
def test_contacts_are_folded_by_a_unit_of_which_the_life_has_several(gap: timedelta, fold: str) -> None:
    assert charts.folding(sample.duqu().case, _beacon(sample.ARRIVED, gap, 60)).unit == fold


def test_a_life_without_contacts_has_a_fold_all_the_same() -> None:
    assert charts.folding(sample.duqu().case, ()).unit == "minute"


def test_the_time_axis_runs_over_the_stay_but_not_far_past_its_contacts() -> None:
    case = sample.duqu().case
    whole = charts.folding(case, _beacon(sample.ARRIVED + timedelta(days=1), timedelta(days=1), 30)).marks
    assert [(mark["t"], mark["drawn"]) for mark in whole] == [(1_314_835_200_000, 1), (1_317_945_600_000, 1)]
    brief = charts.folding(case, _beacon(sample.ARRIVED + timedelta(minutes=2), timedelta(minutes=1), 9)).marks
    assert [(mark["t"] - 1_314_864_840_000, mark["drawn"]) for mark in brief] == [(0, 1), (600_000, 0)]


def test_a_contact_is_drawn_at_its_day_and_its_hour() -> None:
    when = datetime(2011, 9, 3, 15, 30, tzinfo=UTC)
    day = ContactDay("203.0.113.9", datetime(2011, 9, 3, tzinfo=UTC), (when,), 100, None)
    assert charts.contact((day,), charts.Folding("day", ())).rows == (
        {"t": 1_315_008_000_000, "y": 15.5, "bytes": 100},
    )
    assert charts.contact((day,), charts.Folding("hour", ())).rows[0]["y"] == 30.0


def test_too_many_contacts_are_thinned_and_the_caption_says_so() -> None:
    days = tuple(
        ContactDay("203.0.113.9", start, tuple(start + timedelta(minutes=5 * slot) for slot in range(288)), None, None)
        for start in (datetime(2011, 9, 1, tzinfo=UTC) + timedelta(days=day) for day in range(30))
    )
    drawing = charts.contact(days, charts.Folding("day", ()))
    assert len(drawing.rows) == 1080
    assert drawing.left_out == "one point in 8 is drawn (8,640 in all)"


def test_findings_at_the_same_time_lie_in_different_lanes() -> None:
    life = sample.duqu()
    rows = charts.timeline(life.case, charts.numbered(life.evidence)).rows
    assert [row["lane"] for row in rows if row["facet"] == "arrival"] == [0.25, 0.5, 0.75]
    assert [row["lane"] for row in rows if row["facet"] == "departure"] == [0.5]


def test_rules_stand_at_arrival_and_departure_or_say_what_they_stand_at_instead() -> None:
    case = replace(sample.duqu().case, departure=None)
    assert charts.timeline(case, []).marks == (
        {"t": 1_314_864_845_000, "label": "arrival", "side": "left", "drawn": 1},
        {"t": 1_317_988_505_000, "label": "last record", "side": "right", "drawn": 1},
    )


def test_findings_are_numbered_in_the_order_of_a_life() -> None:
    evidence = sample.duqu().evidence
    assert charts.numbered(reversed(evidence))[0][1].facet is Facet.ARRIVAL
    assert [number for number, _ in charts.numbered(evidence)] == list(range(1, 13))


def test_a_weight_that_is_no_number_draws_no_bar() -> None:
    first = replace(sample.duqu().evidence[0], counted_db=float("inf"))
    assert charts.weights([(1, first)]).rows == (
        {"label": "1  Arrival by document", "facet": "arrival", "db": 0.0, "text": "∞", "end": 0.0},
    )


def test_every_specification_compiles_and_names_no_address() -> None:
    life = sample.duqu()
    evidence = charts.numbered(life.evidence)
    drawings = [charts.timeline(life.case, evidence), charts.weights(evidence)]
    marks = charts.folding(life.case, life.contacts).marks
    folds: tuple[charts.Fold, ...] = ("day", "hour", "minute")
    drawings += [charts.contact(life.contacts, charts.Folding(fold, marks)) for fold in folds]
    assert {drawing.spec for drawing in drawings} == set(charts.specs())
    assert "://" not in json.dumps(charts.specs())
    for drawing in drawings:
        spec = charts.specs()[drawing.spec] | {"width": 600, "height": drawing.height}
        spec["datasets"] = {"rows": list(drawing.rows), "marks": list(drawing.marks)}
        svg = vl_convert.vegalite_to_svg(spec, vl_version="6.4")
        assert svg.count("<path") > len(drawing.rows)
