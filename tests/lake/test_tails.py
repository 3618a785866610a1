"""A log whose beginning was removed adds only what is new, wherever it was cut and however it goes on."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lake.test_growth import HEAD, records, take
from tests.lake.test_ingest import CutError, cut_at

from lodger.lake import pending


def rows(count: int, first: int = 0) -> str:
    return "".join(
        f"{1609459200 + 300 * number}.5\tC{number}\t10.0.0.1\tname-{number}.example\n"
        for number in range(first, first + count)
    )


def eve(first: int, last: int) -> str:
    """Lines of two tables, in turns."""
    kinds = ({"event_type": "dns", "dns": {"rrname": "a"}}, {"event_type": "flow", "flow": {"pkts_toserver": 1}})
    return "".join(
        json.dumps({**kinds[number % 2], "timestamp": f"2021-01-01T{number % 24:02}:00:00", "flow_id": number}) + "\n"
        for number in range(first, last)
    )


def test_the_end_of_a_log_adds_nothing_and_then_what_it_grew_by(tmp_path: Path) -> None:
    log, case = tmp_path / "dns.log", tmp_path / "case"
    log.write_text(HEAD + rows(300))
    take(case, log)
    log.write_text(HEAD + rows(200, first=100))
    (found,) = take(case, log)
    assert (found.stored, found.earlier) == (0, 200)
    log.write_text(HEAD + rows(230, first=100))
    (found,) = take(case, log)
    assert (found.stored, found.earlier) == (30, 200)
    assert [row["query"] for row in sorted(records(case), key=lambda row: row["time"])] == [
        f"name-{number}.example" for number in range(330)
    ]


def test_a_log_that_goes_round_is_stored_once_by_whatever_states_it_is_read(tmp_path: Path) -> None:
    case, files = tmp_path / "case", []
    for number, (first, last) in enumerate([(0, 300), (100, 400), (250, 500), (50, 480), (390, 600)]):
        files.append(tmp_path / f"{number}.log")
        files[-1].write_text(HEAD + rows(last - first, first=first))
    found = take(case, *files)
    assert [(each.stored, each.earlier) for each in found] == [(300, 0), (100, 200), (100, 150), (0, 430), (100, 110)]
    assert len(records(case)) == 600


def test_a_beginning_removed_in_the_middle_of_a_line_costs_one_record_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "eve.json").write_text(eve(0, 200))
    (tmp_path / "tail.json").write_text(eve(100, 220)[20:])
    take(tmp_path / "case", tmp_path / "eve.json")
    (found,) = take(tmp_path / "case", tmp_path / "tail.json")
    assert (found.stored, found.aside, found.earlier) == (20, 1, 99)


def test_records_of_several_tables_keep_their_order(tmp_path: Path) -> None:
    for name, span in (("a", (0, 300)), ("b", (90, 350)), ("c", (200, 400))):
        (tmp_path / name).write_text(eve(*span))
    found = take(tmp_path / "case", *(tmp_path / name for name in "abc"))
    assert [each.stored for each in found] == [300, 50, 50]
    assert sorted(row["flow_id"] for row in records(tmp_path / "case")) == list(range(400))


def test_the_log_that_goes_on_is_not_doubled_by_its_end_that_was_read_between(tmp_path: Path) -> None:
    log, end, case = tmp_path / "dns.log", tmp_path / "end.log", tmp_path / "case"
    log.write_text(HEAD + rows(100))
    take(case, log)
    end.write_text(HEAD + rows(80, first=50))
    take(case, end)
    log.write_text(HEAD + rows(150))
    (found,) = take(case, log)
    assert (found.stored, found.earlier) == (20, 130)
    assert len(records(case)) == 150


def test_logs_that_share_times_only_or_few_records_are_kept_whole(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(HEAD + rows(100))
    (tmp_path / "b.log").write_text(HEAD + rows(50, first=50).replace("10.0.0.1", "10.0.0.2"))
    (tmp_path / "c.log").write_text(HEAD + rows(7, first=93))
    assert [each.stored for each in take(tmp_path / "case", *(tmp_path / f"{name}.log" for name in "abc"))] == [
        100,
        50,
        7,
    ]


@pytest.mark.parametrize("after", [False, True])
def test_a_run_that_is_cut_off_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    monkeypatch.setattr(pending, "MOST_ROWS", 70)
    spans = {"a.log": (0, 300), "b.log": (100, 400), "c.log": (250, 500)}
    for name, (first, last) in spans.items():
        (tmp_path / name).write_text(HEAD + rows(last - first, first=first))
    files = [tmp_path / name for name in spans]
    for commit in range(1, 8):
        case = tmp_path / f"case{commit}"
        with cut_at(commit, after=after), contextlib.suppress(CutError):
            take(case, *files)
        take(case, *files)
        assert sorted(row["query"] for row in records(case)) == sorted(f"name-{n}.example" for n in range(500))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.tuples(st.integers(0, 60), st.integers(8, 60)), min_size=1, max_size=5), ingests=st.booleans())
def test_overlapping_windows_of_one_log_are_stored_once(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[tuple[int, int]], *, ingests: bool
) -> None:
    folder = tmp_path_factory.mktemp("windows")
    first, last, files, seen = 0, 20, [], set(range(20))
    windows = [(first, last)]
    for back, more in cuts:  # each begins behind the last one's beginning, and eight records or more before its end
        first = max(first + 1, last - 8 - back)
        last = max(last, first + 8 + more)
        windows.append((first, last))
        seen |= set(range(first, last))
    for number, (start, end) in enumerate(windows):
        files.append(folder / f"{number}.log")
        files[-1].write_text(HEAD + rows(end - start, first=start))
    for chosen in [[file] for file in files] if ingests else [files]:
        take(folder / "case", *chosen)
    assert sorted(row["query"] for row in records(folder / "case")) == sorted(f"name-{n}.example" for n in seen)
