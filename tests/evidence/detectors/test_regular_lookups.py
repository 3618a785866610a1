"""Regular questions for a name that no connection follows."""

from __future__ import annotations

from contextlib import closing
from itertools import accumulate
from typing import Any

import numpy as np
from tests.analysis.records import Finding, Process, Record, analysed, asked, at, connected, findings, flow, lookup

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"


def _hourly(seed: int, calls: int = 60, minutes: float = 60) -> list[float]:
    jitter = np.random.default_rng(seed).uniform(0.9, 1.1, calls)
    return [round(float(minute), 3) for minute in accumulate(minutes * jitter)]


def _found(rows: list[Record]) -> list[Finding]:
    with closing(analysed(rows)) as engine:
        return findings(engine, "regular_lookups")


def test_a_program_that_asks_for_a_name_every_hour_and_never_goes_there_is_found() -> None:
    helper = Process("ws", PROGRAM)
    rows = [asked(helper, at(minutes=minute), "c2.example.net") for minute in _hourly(1)]
    (found,) = _found(rows)
    assert (found.host, found.program, found.records) == ("ws", KEY, 60)
    assert (found.first, found.last) == (rows[0].fields["time"], rows[-1].fields["time"])
    assert found.sentence.startswith("lookups of c2.example.net every ")
    assert found.sentence.endswith(", on 3 of 3 day(s), 60 times, and no connection to it is seen")


def test_one_that_goes_there_is_judged_by_its_calls() -> None:
    helper = Process("ws", PROGRAM)
    rows = []
    for minute in _hourly(1):
        rows.append(asked(helper, at(minutes=minute), "c2.example.net", "192.0.2.1"))
        rows.append(connected(helper, at(minutes=minute, seconds=1), "192.0.2.1"))
    assert _found(rows) == []


def test_names_that_never_come_again_are_judged_by_their_domain() -> None:
    """What a tunnel through name servers looks like, to a network sensor."""
    rows = [lookup(at(minutes=minute), f"x{n}.c2.example.net") for n, minute in enumerate(_hourly(2))]
    (found,) = _found(rows)
    assert (found.host, found.program, found.records) == ("10.0.0.1", "network: lookups", 60)
    assert found.sentence.startswith("lookups of 60 names of example.net every ")


def test_a_cache_that_renews_a_name_when_it_runs_out_is_not_found() -> None:
    ttl: dict[str, Any] = {"TTLs": ["3600.0"]}
    assert (
        _found([lookup(at(hours=hour, seconds=2), "cdn.example.net", "192.0.2.1", **ttl) for hour in range(60)]) == []
    )
    assert len(_found([lookup(at(hours=3 * hour), "c2.example.net", "192.0.2.1", **ttl) for hour in range(60)])) == 1


def test_what_two_hosts_ask_for_is_not_found() -> None:
    sources = ("10.0.0.1", "10.0.0.2")
    rows = [
        lookup(at(minutes=minute), "agent.example.net", source=source)
        for number, source in enumerate(sources)
        for minute in _hourly(3 + number)
    ]
    assert _found(rows) == []


def test_a_person_who_looks_things_up_is_not_found() -> None:
    minutes = np.cumsum(np.random.default_rng(5).lognormal(2, 2, 60))
    rows = [lookup(at(minutes=round(float(minute), 3)), "news.example.net") for minute in minutes]
    assert _found([*rows, flow("C1", at(), "192.0.2.5")]) == []
