"""An older, shorter state of a log that is read after the longer one adds nothing that is there."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from tests.lake.test_growth import HEAD, objects, records, rows, take
from tests.lake.test_ingest import CutError, cut_at

from lodger.lake import pending
from lodger.model.ingest import SourceReport

LONG = HEAD + rows(3000)


def shorter(lines: int) -> str:
    return "".join(LONG.splitlines(keepends=True)[: 4 + lines])


def test_an_older_state_adds_nothing(tmp_path: Path) -> None:
    (tmp_path / "long.log").write_text(LONG)
    (tmp_path / "short.log").write_text(shorter(2000))
    take(tmp_path / "case", tmp_path / "long.log")
    before = records(tmp_path / "case")
    short = str(tmp_path / "short.log")
    assert take(tmp_path / "case", tmp_path / "short.log") == (SourceReport(short, "zeek_tsv", 0, 0, 0, earlier=2000),)
    assert records(tmp_path / "case") == before
    (tmp_path / "longer.log").write_text(LONG + rows(5, first=3000))
    assert take(tmp_path / "case", tmp_path / "longer.log")[0].stored == 5


def test_one_ingest_of_both_and_of_states_that_grew_is_the_same(tmp_path: Path) -> None:
    for name, lines in (("1", 1600), ("2", 2500), ("3", 2000), ("4", 3000), ("5", 2700)):
        (tmp_path / name).write_text(shorter(lines))
    reports = take(tmp_path / "case", *(tmp_path / name for name in "12345"))
    assert [(each.stored, each.earlier) for each in reports] == [
        (1600, 0), (900, 1600), (0, 2000), (500, 2500), (0, 2700),
    ]  # fmt: skip
    assert len(records(tmp_path / "case")) == 3000


def test_a_log_that_only_begins_alike_keeps_what_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "long.log").write_text(LONG)
    other = shorter(2000) + rows(100, first=5000)
    (tmp_path / "other.log").write_text(other)
    take(tmp_path / "case", tmp_path / "long.log")
    report = take(tmp_path / "case", tmp_path / "other.log")[0]
    assert (report.stored, report.earlier) == (100, 2000)
    assert len(records(tmp_path / "case")) == 3100


@pytest.mark.parametrize("after", [False, True])
def test_a_run_over_an_older_state_that_is_cut_off_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", 700)
    (tmp_path / "long.log").write_text(LONG)
    (tmp_path / "other.log").write_text(shorter(2000) + rows(100, first=5000))
    for commit in (2, 4, 5):
        case = tmp_path / f"case{commit}"
        with cut_at(commit, after=after), contextlib.suppress(CutError):
            take(case, tmp_path / "long.log", tmp_path / "other.log")
        take(case, tmp_path / "long.log", tmp_path / "other.log")
        assert len(records(case)) == 3100


def test_events_without_numbers_of_an_older_export_are_compared_as_well(tmp_path: Path) -> None:
    text = objects(60) * 30
    (tmp_path / "long.json").write_text(text)
    (tmp_path / "short.json").write_text("".join(text.splitlines(keepends=True)[:1500]))
    take(tmp_path / "case", tmp_path / "long.json")
    report = take(tmp_path / "case", tmp_path / "short.json")[0]
    assert (report.stored, report.earlier) == (0, 1500)
