from __future__ import annotations

import pytest

from lodger.cli.progress import Drawn, Lines, progress


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_short_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as watched:
        watched.phase("reading", 10)
        watched.advance(10)
    assert capsys.readouterr() == ("", "")


def test_long_work_says_a_line_per_minute(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines(clock)
    lines.phase("reading", 1000)
    for second in range(1, 200):
        clock.now = float(second)
        lines.advance(2)
    assert capsys.readouterr().err.splitlines() == [
        "lodger: reading, 12%, 1 min so far",
        "lodger: reading, 24%, 2 min so far",
        "lodger: reading, 36%, 3 min so far",
    ]


def test_a_phase_of_unknown_size_has_no_share(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines(clock)
    lines.phase("weighing\x1b[2J", None)
    clock.now = 61.0
    lines.advance(1)
    assert capsys.readouterr().err == "lodger: weighing[U+001B][2J, 1 min so far\n"


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress() as watched:
        assert isinstance(watched, Drawn)
        watched.phase("reading [bold]", 10)
        watched.advance(4)
        watched.phase("weighing", None)
        assert [task.description for task in watched._bars.tasks] == ["weighing"]
