"""A case directory is made once, checked always, and written by one ingest at a time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lodger.errors import CaseError
from lodger.lake.case import FORMAT, check_case, check_extensible, create_case, sole_writer


def test_a_case_is_made_where_nothing_is_and_opened_again(tmp_path: Path) -> None:
    root = tmp_path / "new" / "case"
    create_case(root)
    assert json.loads((root / "case.json").read_text()) == {"format": FORMAT}
    (root / "lake").mkdir()
    create_case(root)
    check_case(root)


def test_making_a_case_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    (tmp_path / "case.json.new").write_text('{"for')
    create_case(tmp_path)
    check_case(tmp_path)


def test_no_case_is_made_in_somebody_elses_directory(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CaseError, match="is not a case, and not empty") as caught:
        create_case(tmp_path)
    assert "new or empty directory" in caught.value.advice
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_no_case_is_made_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError, match="cannot be made"):
        create_case(tmp_path / "file" / "case")


@pytest.mark.parametrize(
    ("stamp", "message", "advice"),
    [
        (None, "is not a case", "makes one"),
        ("{", "is damaged (not JSON)", "restore it"),
        ("[" * 100_000, "is damaged (not JSON)", "restore it"),
        ("[1]", "is damaged (no format version)", "restore it"),
        ('{"format": true}', "is damaged (no format version)", "restore it"),
        ('{"format": "1"}', "is damaged (no format version)", "restore it"),
        ('{"format": 0}', "is damaged (format 0 never was)", "restore it"),
        (f'{{"format": {FORMAT + 1}}}', f"has format {FORMAT + 1}; this program reads up to {FORMAT}", "newer Lodger"),
    ],
)
def test_a_case_that_cannot_be_read_says_why_and_what_to_do(
    tmp_path: Path, stamp: str | None, message: str, advice: str
) -> None:
    if stamp is not None:
        (tmp_path / "case.json").write_text(stamp)
    with pytest.raises(CaseError) as caught:
        check_case(tmp_path)
    assert message in str(caught.value)
    assert advice in caught.value.advice


def test_a_case_of_an_earlier_format_is_read_and_not_added_to(tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text('{"format": 1}')
    check_case(tmp_path)
    with pytest.raises(CaseError, match="has format 1, which this program reads and does not add to"):
        check_extensible(tmp_path)
    (tmp_path / "case.json").write_text(json.dumps({"format": FORMAT}))
    check_extensible(tmp_path)


def test_a_second_ingest_is_turned_away_at_once_and_let_in_afterwards(tmp_path: Path) -> None:
    with sole_writer(tmp_path), pytest.raises(CaseError, match="another ingest is writing to the case"):
        sole_writer(tmp_path).__enter__()
    with sole_writer(tmp_path):
        pass


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    holds = (
        "import sys, time; from pathlib import Path; from lodger.lake.case import sole_writer\n"
        "with sole_writer(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", holds, str(tmp_path)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(CaseError, match="another ingest"), sole_writer(tmp_path):
            pass
        process.kill()
        process.wait()
    with sole_writer(tmp_path):
        pass


def test_many_processes_make_one_case(tmp_path: Path) -> None:
    code = "import sys, pathlib; from lodger.lake.case import create_case; create_case(pathlib.Path(sys.argv[1]))"
    for turn in range(3):
        root = tmp_path / str(turn)
        makers = [subprocess.Popen([sys.executable, "-c", code, str(root)], stderr=subprocess.PIPE) for _ in range(6)]
        assert [(maker.communicate()[1], maker.returncode) for maker in makers] == [(b"", 0)] * 6
        assert [entry.name for entry in root.iterdir()] == ["case.json"]
