from __future__ import annotations

import pytest

from lodger.cli.progress import Drawn, Lines, pace, progress


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
        "lodger: reading, 12%, about 7 min left, 1 min so far",
        "lodger: reading, 24%, about 6 min left, 2 min so far",
        "lodger: reading, 36%, about 5 min left, 3 min so far",
    ]


def test_what_is_counted_in_bytes_has_a_rate(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    lines = Lines(clock)
    clock.now = 30.0
    lines.phase("ingest", 12_000_000_000)
    for second in range(31, 160):
        clock.now = float(second)
        lines.advance(25_000_000)
    assert capsys.readouterr().err.splitlines() == [
        "lodger: ingest, 6%, 25.0 MB/s, about 8 min left, 1 min so far",
        "lodger: ingest, 19%, 25.0 MB/s, about 6 min left, 2 min so far",
    ]


@pytest.mark.parametrize(
    ("name", "done", "total", "seconds", "told"),
    [
        ("ingest", 0, 100, 5.0, "0%"),
        ("ingest", 5, None, 0.0, ""),
        ("ingest", 3_000_000, None, 2.0, "1.5 MB/s"),
        ("ingest", 50_000_000, 200_000_000, 10.0, "25%, 5.0 MB/s, about 30 s left"),
        ("ingest", 200_000_000, 100_000_000, 10.0, "100%, 20.0 MB/s, nearly done"),
        ("compact", 1_000_000, 720_000_000_000, 1.0, "0%, 1.0 MB/s, about 200 h left"),
        ("stays", 1, 4, 60.0, "25%, about 3 min left"),
        ("evidence", 1, 50, 60.0, "2%"),
    ],
)
def test_the_pace(name: str, done: int, total: int | None, seconds: float, told: str) -> None:
    assert pace(name, done, total, seconds) == told


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
