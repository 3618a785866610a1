"""The section on what could not be seen: strips of days, everything in text too, nothing of a log as markup."""

from __future__ import annotations

import re
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st
from tests.report import sample
from tests.report.test_page import _HOSTILE, _Page, _words

from lodger.model.coverage import Coverage, HostCoverage, Need, SensorCoverage
from lodger.model.upkeep import SensingChange
from lodger.report.page import render
from lodger.report.unseen import Sensor, State, Strip, unseen

FIRST, LAST = datetime(2021, 3, 1), datetime(2021, 3, 6)


def _sensor(name: str, spoke: tuple[int, ...]) -> SensorCoverage:
    return SensorCoverage(name, 7, FIRST, LAST, 3, 2, spoke)


def _coverage(name: str, sensor: str = "Sysmon", event: str = "1102") -> Coverage:
    change = SensingChange(name, "security", event, 2, FIRST, LAST, "the Security log was cleared")
    sensors = (_sensor(sensor, (2, 1, 0, 0)),)
    host = HostCoverage(name, 5, (2, 2, 2, 0), sensors, 3, ("drivers", "modules"), (change,), 4)
    need = Need("drivers", "Sysmon 6", "no driver loads", 2)
    return Coverage(date(2021, 3, 1), date(2021, 3, 8), 2, 1234, (need,), (host,), 1200, (name,), 5)


def _page(coverage: Coverage) -> _Page:
    return _Page(
        render(cases=[], lives=[], summary=sample.SUMMARY, title="Fleet", written=sample.WRITTEN, coverage=coverage)
    )


def test_a_strip_has_one_outline_for_each_state_and_none_where_nothing_was_heard() -> None:
    (host,) = unseen(_coverage("ws")).hosts
    paths: tuple[tuple[State, str], ...] = (
        ("spoke", "M0 0h1v10h-1z"),
        ("part", "M1 0h1v10h-1z"),
        ("silent", "M2 0h1v10h-1z"),
    )
    assert host.sensors == (Sensor(_sensor("Sysmon", (2, 1, 0, 0)), Strip(4, paths)),)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=120))
def test_the_outlines_of_a_strip_cover_each_cell_in_which_the_host_was_heard_once(days: list[tuple[int, int]]) -> None:
    heard, spoke = tuple(max(pair) for pair in days), tuple(min(pair) for pair in days)
    told = HostCoverage("ws", 1, heard, (_sensor("Sysmon", spoke),), 0, (), (), 0)
    (host,) = unseen(Coverage(None, None, 1, 1, (), (told,), 0, (), 0)).hosts
    strip = host.sensors[0].strip
    states = {}
    for state, path in strip.paths:
        for start, length in re.findall(r"M(\d+) 0h(\d+)v10h-\2z", path):
            for cell in range(int(start), int(start) + int(length)):
                assert cell not in states
                states[cell] = state
    expected = {
        cell: "spoke" if one >= all_ else "part" if one else "silent"
        for cell, (one, all_) in enumerate(zip(spoke, heard, strict=True))
        if all_
    }
    assert states == expected


def test_the_section_says_in_text_what_its_strips_draw() -> None:
    said = _words(_page(_coverage("ws-017")))
    for line in (
        "drivers Sysmon 6 no driver loads 2 of 1,234",
        "Never came: drivers, modules",
        "the Security log was cleared (security 1102 , 2 times, 2021-03-01 00:00:00 \u2013 2021-03-06 00:00:00)",
        "and 4 more kinds of change",
        "Sysmon 3 2 7 2021-03-01 \u2013 2021-03-06",
        "and 3 more sensors or logs",
        "1,200 more hosts, of which more could be seen",
        "no program there could be told apart: ws-017 and 5 more.",
    ):
        assert line in said


def test_without_records_it_says_so() -> None:
    said = _words(_page(Coverage(None, None, 1, 0, (), (), 0, (), 0)))
    assert "No sensor with records of its own is in the case." in said


@given(_HOSTILE, _HOSTILE, _HOSTILE)
def test_no_name_of_a_host_a_sensor_or_an_event_adds_an_element(host: str, sensor: str, event: str) -> None:
    hostile, harmless = _page(_coverage(host, sensor, event)), _page(_coverage("a", "b", "c"))
    assert hostile.shape() == harmless.shape()
    assert (hostile.comments, hostile.scripts) == ([], harmless.scripts)
