from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lodger.cli import run
from lodger.model.ingest import IngestSummary, SourceReport

if TYPE_CHECKING:
    from tests.cli.conftest import Fleet

UNKNOWN = SourceReport("logs/a.bin", "", 0, 0, 0, problem="no reader knows this content")


def test_it_prints_the_table_and_writes_the_report_into_the_case(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["hunt", "logs"]) == 0
    out, err = capsys.readouterr()
    assert "jusched.exe" in out
    assert err.splitlines() == [
        "lodger: 2 files, 1,290 records read = 1,288 stored + 2 kept aside",
        "lodger: 8 hosts, 120 programs, 900 stays, 2 pieces of evidence",
        "lodger: no DNS log: names are from TLS only",
        "lodger: report: lodger-case/report.html",
    ]
    assert fleet.ingested == [(Path("lodger-case"), ("logs",))]
    assert "jusched.exe" in Path("lodger-case/report.html").read_text(encoding="utf-8")


def test_case_and_report_go_where_they_are_told_to(fleet: Fleet) -> None:
    assert run(["hunt", "logs", "--case", "acme", "--report", "out.html"]) == 0
    assert fleet.ingested == [(Path("acme"), ("logs",))]
    assert Path("out.html").is_file()
    assert not Path("acme/report.html").exists()


def test_json_has_standard_output_for_itself(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    fleet.rank(2.0, 0.5, 0.1)
    assert run(["hunt", "logs", "--format", "json", "--top", "2"]) == 0
    assert [case["rank"] for case in json.loads(capsys.readouterr().out)] == [1, 2]


@pytest.mark.parametrize(
    ("odds", "arguments", "code"),
    [
        ([1.0, 0.2], ["--fail-on-cases"], 1),
        ([1.0, 0.2], [], 0),
        ([0.99], ["--fail-on-cases"], 0),
        ([], ["--fail-on-cases"], 0),
        ([0.5, 3.0], ["--fail-on-cases", "--top", "1"], 1),
        ([0.5, 3.0], ["--fail-on-cases", "--budget", "1"], 0),
        ([3.0, 0.5], ["--fail-on-cases", "--budget", "1"], 1),
    ],
)
def test_the_exit_code_tells_of_cases_only_when_asked(
    fleet: Fleet, odds: list[float], arguments: list[str], code: int
) -> None:
    fleet.rank(*odds)
    assert run(["hunt", "logs", *arguments]) == code


def test_a_budget_is_of_cases_and_not_of_stays(fleet: Fleet) -> None:
    fleet.rank(0.5, 0.5, 0.5, 3.0)
    head, *kin, other = fleet.cases
    fleet.cases = (head, *(replace(each, came_with=head.stay_id) for each in kin), other)
    assert run(["cases", "--fail-on-cases", "--budget", "1", "--case", "."]) == 0
    assert run(["cases", "--fail-on-cases", "--budget", "2", "--case", "."]) == 1


@pytest.mark.parametrize(("lfdr", "code"), [(None, 1), (0.5, 1), (0.6, 0)])
def test_a_case_that_is_more_likely_false_is_none(fleet: Fleet, lfdr: float | None, code: int) -> None:
    fleet.rank(3.0)
    fleet.cases = tuple(replace(case, lfdr=lfdr) for case in fleet.cases)
    assert run(["hunt", "logs", "--fail-on-cases"]) == code


def test_paths_of_which_none_exists_are_wrong_use_and_make_no_case(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["hunt", "none", "nothing"]) == 2
    err = capsys.readouterr().err
    assert err == "lodger: no such file or folder: none, nothing. Name files or folders that hold telemetry\n"
    assert not Path("lodger-case").exists()


def test_a_path_that_does_not_exist_costs_a_line_and_not_the_rest(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.summary = replace(fleet.summary, problems=("none: no such file or folder",))
    assert run(["hunt", "logs", "none"]) == 0
    out, err = capsys.readouterr()
    assert err.startswith("lodger: none: no such file or folder\n")
    assert "jusched.exe" in out


@pytest.mark.parametrize(
    ("sources", "line"),
    [
        ((), "lodger: nothing could be read: there are no files under the paths. "),
        ((UNKNOWN,), "lodger: nothing could be read: none of 1 files is telemetry that Lodger knows. "),
        (
            (SourceReport("a.evtx", "evtx", 3, 0, 3, problem="cut off at byte 70"),),
            "lodger: nothing could be read: none of 1 files is telemetry that Lodger knows. ",
        ),
    ],
)
def test_when_nothing_could_be_read_nothing_is_analysed(
    fleet: Fleet, capsys: pytest.CaptureFixture[str], sources: tuple[SourceReport, ...], line: str
) -> None:
    fleet.summary = IngestSummary(sources=sources, problems=())
    assert run(["hunt", "logs"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1].startswith(line)


def test_an_empty_log_of_a_known_kind_is_readable(fleet: Fleet) -> None:
    fleet.summary = IngestSummary(sources=(SourceReport("conn.log", "zeek_tsv", 0, 0, 0),), problems=())
    assert run(["hunt", "logs"]) == 0


def test_a_damaged_log_whose_events_were_all_known_already_is_readable(fleet: Fleet) -> None:
    log = SourceReport("a.evtx", "evtx", 1, 0, 1, problem="cut off at byte 70", earlier=7)
    fleet.summary = IngestSummary(sources=(log,), problems=())
    assert run(["hunt", "logs"]) == 0


def test_urls_alone_that_nothing_can_read_are_wrong_use_and_make_no_case(
    fleet: Fleet, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    assert run(["hunt", "s3://me:secret@bucket/logs", "none"]) == 2
    assert capsys.readouterr().err == (
        "lodger: what reads such URLs is not installed: pip install 'lodger[cloud]': s3://bucket/logs; "
        "no such file or folder: none. Name files or folders that hold telemetry\n"
    )
    assert not Path("lodger-case").exists()


def test_a_url_reaches_the_library_as_it_was_typed(fleet: Fleet) -> None:
    assert run(["hunt", "memory://logs/a"]) == 0
    assert fleet.ingested == [(Path("lodger-case"), ("memory://logs/a",))]
