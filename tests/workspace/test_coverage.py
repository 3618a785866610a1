"""What the report is told of that which could not be seen: whole, bounded, worst first."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from tests.analysis.records import CHROME, Process, Record, analysed, at, flow, launched, lookup, security, windows

from lodger.model.coverage import Coverage, HostCoverage, Need, SensorCoverage
from lodger.model.upkeep import SensingChange
from lodger.workspace.coverage import coverage


def told(rows: list[Record]) -> Coverage:
    with closing(analysed(rows, "stays")) as engine:
        return coverage(engine)


def test_a_host_is_told_with_its_days_its_silence_what_never_came_and_what_was_changed() -> None:
    rows = [launched(Process("ws", CHROME), at(days=day)) for day in (1, 2, 3)]
    rows += [security("ws", at(days=day), 4624) for day in (0, 1, 2, 3, 5)]
    rows += [security("ws", at(days=5), 4719), security("ws", at(days=1), 1102), security("ws", at(days=2), 4719)]
    found = told(rows)
    assert (found.first, found.last, found.cell_days) == (at().date(), at(days=5).date(), 1)
    assert (found.heard, found.more_hosts, found.network_only, found.more_network_only) == (1, 0, (), 0)
    assert (
        Need("drivers", "Sysmon 6", "no driver loads: a driver and its signature could not be seen", 1) in found.needs
    )
    (host,) = found.hosts
    assert {"launches", "command lines", "logons"} & set(host.never) == set()
    assert len(host.never) == len(found.needs) > 0
    cleared = "the Security log was cleared: what it held before could not be read"
    changed = "the audit policy was changed: what is recorded may differ before and after"
    assert replace(host, never=()) == HostCoverage(
        host="ws",
        days=5,
        heard=(1, 1, 1, 1, 0, 1),
        sensors=(
            SensorCoverage("Security", 8, at(), at(days=5), 5, 0, (1, 1, 1, 1, 0, 1)),
            SensorCoverage("Sysmon", 3, at(days=1), at(days=3), 3, 2, (0, 1, 1, 1, 0, 0)),
        ),
        more_sensors=0,
        never=(),
        changes=(
            SensingChange("ws", "security", "1102", 1, at(days=1), at(days=1), cleared),
            SensingChange("ws", "security", "4719", 2, at(days=2), at(days=5), changed),
        ),
        more_changes=0,
    )


def test_the_network_comes_first_then_cleared_logs_then_those_of_which_least_came() -> None:
    rows = [security(host, at(), 4624) for host in ("a", "b", "c")]
    rows += [launched(Process("b", CHROME), at()), security("c", at(), 1102), launched(Process("c", CHROME), at())]
    rows += [lookup(at(), "example.org")]
    assert [host.host for host in told(rows).hosts] == [None, "c", "a", "b"]


def test_a_host_without_sensors_of_its_own_is_named() -> None:
    rows = [
        security("a", at(), 4624),
        *(flow(f"C{n}", at(minutes=n), "203.0.113.9", source="10.0.0.77") for n in range(3)),
    ]
    assert told(rows).network_only == ("10.0.0.77",)


def test_a_thousand_hosts_with_a_thousand_logs_are_forty_of_twelve_and_the_rest_is_counted() -> None:
    rows = [security(f"ws-{number:03}", at(), 4624) for number in range(300)]
    rows += [windows("many", at(), f"Made-Up-{number}/Operational", 1) for number in range(300)]
    found = told(rows)
    assert (len(found.hosts), found.more_hosts, found.heard) == (40, 261, 301)
    many = next(host for host in found.hosts if host.host == "many")
    assert (len(many.sensors), many.more_sensors) == (12, 288)


def test_a_long_time_is_told_in_cells_and_one_wrong_clock_does_not_stretch_it() -> None:
    rows = [security("ws", at(days=day), 4624) for day in range(300)]
    axis = told(rows)
    assert (axis.cell_days, len(axis.hosts[0].heard), sum(axis.hosts[0].heard)) == (3, 100, 300)
    wrong = told([*rows, security("ws", at(days=18_000), 4624)])
    assert wrong.last is not None
    assert wrong.last <= (at(days=300)).date()
    assert wrong.hosts[0].sensors[0].last - at() == timedelta(days=18_000)


def test_a_case_without_records_has_nothing_to_tell() -> None:
    assert told([]) == Coverage(None, None, 1, 0, (), (), 0, (), 0)
