"""Regular calls that end while the host lives on."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest
from tests.analysis.records import (
    CHROME,
    Finding,
    Process,
    Record,
    analysed,
    at,
    connected,
    deleted,
    findings,
    launched,
    refs,
    security,
)

#: What was found, and the records of what must be.
Fleet = tuple[list[Finding], list[Record]]

PROGRAM = r"C:\ProgramData\Helper\helper.exe"
KEY = r"\programdata\helper\helper.exe"


def _calls(host: str, times: list[float]) -> list[Record]:
    source = "10.0.0." + host[2:]
    return [connected(Process(host, PROGRAM), at(hours=round(time, 3)), "192.0.2.1", source=source) for time in times]


def _beacon(seed: int, hours: float, calls: int) -> list[float]:
    jitter = np.random.default_rng(seed).uniform(0.9, 1.1, calls)
    return [float(time) for time in np.cumsum(hours * jitter)]


def _heard(host: str, after: float, until: float, places: int = 1) -> list[Record]:
    """The sensor that tells of connections speaks every day, of something else: of so many ``places`` a browser went to
    (none: that it was started).
    """
    hours = [*np.arange(after + 24, until, 24), until]
    browser, source = Process(host, CHROME), "10.0.0." + host[2:]
    started = [launched(browser, at(hours=float(hour))) for hour in hours]
    went = [
        connected(browser, at(hours=float(hour), minutes=place), f"198.51.100.{place}", source=source)
        for hour in hours
        for place in range(places)
    ]
    return [*started, *went]


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    """What was found, and the calls that ended on the first host."""
    stopped = _calls("WS0", _beacon(1, 1, 100))
    end = float((stopped[-1].fields["time"] - at()).total_seconds()) / 3600
    rows = [*stopped, *_heard("WS0", end, end + 96)]
    rows += _calls("WS1", _beacon(1, 1, 100))  # the host itself is not heard any more
    rows += [*_calls("WS2", _beacon(1, 1, 100)), *_heard("WS2", end, end + 71)]  # less than three days
    # the host went to three other places a day while it called, and afterwards to one: nobody is there
    rows += [*_calls("WS9", _beacon(1, 1, 100)), *_heard("WS9", -24, end, 3), *_heard("WS9", end, end + 960)]
    slow = _calls("WS3", _beacon(2, 8, 60))
    end = float((slow[-1].fields["time"] - at()).total_seconds()) / 3600
    rows += [*slow, *_heard("WS3", end, end + 90)]  # more than three days, less than twelve sleeps
    work = [day * 24 + hour for day in (0, 1, 2, 3, 4, 14, 15, 16, 17, 18) for hour in range(9)]
    rows += [
        *_calls("WS5", [float(time) for time in work]),
        *_heard("WS5", work[-1], work[-1] + 19 * 24),
    ]  # it had paused as long
    person = np.random.default_rng(3).lognormal(0, 2, 100)
    last = float(np.sum(person))
    rows += [
        *_calls("WS4", [float(time) for time in np.cumsum(person)]),
        *_heard("WS4", last, last + 999),
    ]  # not regular
    for host in (
        "WS6",
        "WS7",
    ):  # the same as the first, but Sysmon itself falls silent; or is heard again on one day only
        rows += [*_calls(host, _beacon(1, 1, 100)), *(security(host, at(days=day), 4624) for day in range(1, 40))]
    rows.append(launched(Process("WS7", CHROME), at(days=30)))
    rows += [*_calls("WS8", _beacon(1, 1, 100)), *_heard("WS8", end, end + 96)]  # it was deleted: no wonder
    rows.append(deleted(Process("WS8", PROGRAM), at(hours=end, minutes=1), PROGRAM))
    # the sensor speaks of all but connections
    rows += [*_calls("WS10", _beacon(1, 1, 100)), *_heard("WS10", end, end + 96, 0)]
    with closing(analysed(rows)) as engine:
        return findings(engine, "falls_silent"), stopped


def test_a_beacon_that_stops_while_its_host_is_heard_is_found(fleet: Fleet) -> None:
    found, stopped = fleet
    last = stopped[-1].fields["time"]
    day = [row for row in stopped if row.fields["day"] == last.date()]
    sentence = found[0].sentence
    assert found == [Finding("ws0", KEY, sentence, last, last, refs(day[0]), 1)]
    assert sentence.startswith("called 192.0.2.1:443 every ")
    assert sentence.endswith(" min ± 10% until then, not for 4 days since; its host was as busy as ever on 4 of them")


def test_silence_of_the_host_its_sensor_or_its_person_short_silence_or_after_no_rhythm_or_a_departure_is_not_found(
    fleet: Fleet,
) -> None:
    assert {each.host for each in fleet[0]} == {"ws0"}


def test_a_program_that_is_called_no_more_has_fallen_silent_too() -> None:
    program = Process("WS0", PROGRAM)
    calls = [
        connected(program, at(hours=round(hour, 3)), "10.0.0.1", 4444, source="203.0.113.5", Initiated="false")
        for hour in _beacon(1, 1, 100)
    ]
    end = float((calls[-1].fields["time"] - at()).total_seconds()) / 3600
    with closing(analysed([*calls, *_heard("WS0", end, end + 96)])) as engine:
        (found,) = findings(engine, "falls_silent")
    assert (found.host, found.program, found.first) == ("ws0", KEY, calls[-1].fields["time"])
    assert found.sentence.startswith("was called from 203.0.113.5 every ")
