"""The commands on a real case, one after the other, as a person would type them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lodger.cli import run


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with a hunted fleet; the fleet lies beside it."""
    folder = tmp_path_factory.mktemp("whole_way")
    assert run(["lab", "fleet", "--out", str(folder / "fleet"), "--hosts", "2", "--days", "38"]) == 0
    assert run(["hunt", str(folder / "fleet"), "--case", str(folder / "case")]) == 0
    return folder / "case"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_report_lies_in_the_case(case: Path) -> None:
    assert (case / "report.html").stat().st_size > 100_000


def test_hunting_the_same_folder_again_adds_nothing_and_says_so(
    case: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    before = answer(capsys, "cases", "--case", str(case))
    report = str(tmp_path / "report.html")
    assert run(["hunt", str(case.parent / "fleet"), "--case", str(case), "--report", report]) == 0
    assert "were known already: that adds nothing" in capsys.readouterr().err.splitlines()[0]
    assert answer(capsys, "cases", "--case", str(case)) == before


def test_ranks_count_from_one_and_odds_fall(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = answer(capsys, "cases", "--case", str(case))
    assert [each["rank"] for each in cases] == list(range(1, len(cases) + 1))
    assert [each["odds"] for each in cases] == sorted((each["odds"] for each in cases), reverse=True)
    assert run(["cases", "--case", str(case), "--fail-on-cases"]) == int(cases[0]["odds"] >= 1)


def test_the_odds_of_a_life_are_its_prior_and_its_terms(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = answer(capsys, "cases", "--case", str(case), "--top", "1")[0]
    life = answer(capsys, "show", first["stay_id"][:6], "--case", str(case))
    assert {name: life[name] for name in first} == first
    terms = [each["counted_db"] for each in life["evidence"]] + [each["weight_db"] for each in life["terms"]]
    total = life["prior_db"] + sum(terms)
    assert life["odds"] == pytest.approx(10 ** (total / 10))
    assert life["weight_db"] == pytest.approx(total - life["prior_db"])


def test_every_finding_leads_back_to_records_that_exist(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        each["name"]: each
        for each in answer(capsys, "ingest", str(case.parent / "fleet"), "--case", str(case))["sources"]
    }
    first = answer(capsys, "cases", "--case", str(case), "--top", "1")[0]
    refs = [
        ref
        for each in answer(capsys, "show", first["stay_id"], "--case", str(case))["evidence"]
        for ref in each["records"]
    ]
    assert refs
    assert {ref["file"] for ref in refs} <= files.keys()
    assert min(ref["record"] for ref in refs) > 0


def test_every_file_is_accounted_for(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = answer(capsys, "ingest", str(case.parent / "fleet"), "--case", str(case))["sources"]
    assert {each["name"] for each in sources if each["read"] != each["stored"] + each["aside"]} == set()
    assert all(each["already"] for each in sources)


def test_a_case_that_was_not_analysed_says_what_to_do(
    case: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    log = next((case.parent / "fleet").rglob("*.jsonl"))
    assert run(["ingest", str(log), "--case", str(tmp_path / "new")]) == 0
    capsys.readouterr()
    assert run(["cases", "--case", str(tmp_path / "new")]) == 2
    assert "lodger analyse" in capsys.readouterr().err
