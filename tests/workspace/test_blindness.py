"""What could not be seen of a host is told in lines: what never came, when a sensor was silent, what changed it."""

from __future__ import annotations

from contextlib import closing

from tests.analysis.records import Process, analysed, at, launched, security

from lodger.workspace.blindness import MEANS, blindness

A = r"C:\a.exe"


def test_lines_tell_of_kinds_days_and_changes() -> None:
    rows = [launched(Process("ws", A), at(days=day)) for day in (0, 1, 4, 6, 9)]
    rows += [security("ws", at(days=day), 4624) for day in range(10)]
    rows += [security("ws", at(days=3), 1102), security("ws", at(days=2, hours=1), 4719)]
    rows += [security("ws", at(days=5), 4719), security("other", at(days=20), 1102)]
    with closing(analysed(rows, "stays")) as engine:
        lines = list(blindness(engine, "ws", {"launches", "files", None}))
    assert lines[:6] == [line for kind, line in MEANS.items() if kind not in {"launches", "files"}]
    assert "no driver loads: a driver and its signature could not be seen" in lines
    assert not any("no file creations" in line or "no logons" in line for line in lines)
    silent = [f"{at(days=a):%Y-%m-%d} to {at(days=b):%Y-%m-%d}" for a, b in ((2, 3), (7, 8))]
    silent.insert(1, f"{at(days=5):%Y-%m-%d}")
    twice = f"2 times, {at(days=2, hours=1):%Y-%m-%d %H:%M} to {at(days=5):%Y-%m-%d %H:%M} UTC"
    once = f"{at(days=3):%Y-%m-%d %H:%M} UTC"
    assert lines[-3:] == [
        f"Sysmon said nothing on 5 of the days in which the host was heard: {', '.join(silent)}",
        f"the audit policy was changed: what is recorded may differ before and after (security 4719, {twice})",
        f"the Security log was cleared: what it held before could not be read (security 1102, {once})",
    ]
