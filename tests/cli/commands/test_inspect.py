from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest
from tests.disguise import writers

from lodger.cli import run
from lodger.cli.render.inspect import SHOWN


@pytest.fixture
def carved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as a sensor carves it: a clean picture, one with a tail, a program with a picture's name, notes."""
    folder = tmp_path / "carved"
    (folder / "deep").mkdir(parents=True)
    picture = writers.jpeg(Random(1))
    (folder / "a.jpg").write_bytes(picture)
    (folder / "b.png").write_bytes(writers.png(Random(1), 900) + b"\x17" + Random(2).randbytes(499))
    (folder / "deep" / "c\u202egpj.exe").write_bytes(writers.pe(Random(1)))
    (folder / "notes.txt").write_bytes(b"words")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return folder


def test_programs_get_every_file_with_its_findings(carved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inspect", "carved", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    size = len(writers.png(Random(1), 900))
    assert [(each["file"], each["kind"], each["verdict"]) for each in told] == [
        ("carved/a.jpg", "jpeg", "clean"),
        ("carved/b.png", "png", "hidden data"),
        ("carved/deep/c\\u202egpj.exe", "pe", "mismatch"),
    ]
    (finding,) = told[1]["findings"]
    assert finding.pop("entropy") == pytest.approx(7.6, abs=0.1)
    assert 0 < finding.pop("chance") < 1
    assert finding.pop("sentence").startswith("500 bytes behind the end of the picture: 7.")
    assert finding == {"kind": "after the end", "verdict": "hidden data", "offset": size, "length": 500}
    assert told[0] == {
        "format_version": 1,
        "file": "carved/a.jpg",
        "kind": "jpeg",
        "size": len(writers.jpeg(Random(1))),
        "verdict": "clean",
        "findings": [],
    }
    assert err == ("lodger: 3 files looked at (1 hidden data, 1 mismatch, 1 clean), 1 of other kinds passed over\n")


def test_people_get_the_files_with_findings_and_no_terminal_obeys_their_names(
    carved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (carved / "\x1b[2J\nx.jpg").write_bytes(writers.jpeg(Random(1)) + Random(3).randbytes(100))
    assert run(["inspect", "carved"]) == 0
    out = capsys.readouterr().out
    assert "carved/a.jpg" not in out
    assert "hidden data: carved/b.png (png," in out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "x1b[2J" in out


def test_many_findings_of_one_file_are_cut_for_people_only(carved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    comments = b"".join(writers.jpeg_segment(0xFE, Random(at).randbytes(100)) for at in range(30))
    whole = writers.jpeg(Random(1))
    (carved / "many.jpg").write_bytes(whole[:2] + comments + whole[2:])
    assert run(["inspect", "carved/many.jpg"]) == 0
    assert capsys.readouterr().out.count("\n  at ") == SHOWN
    assert run(["inspect", "carved/many.jpg", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)[0]["findings"]) == 30


def test_what_is_not_there_is_told_and_the_rest_is_done(carved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inspect", "gone", "carved/a.jpg", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert len(json.loads(out)) == 1
    assert "lodger: gone: no such file or directory\n" in err


@pytest.mark.parametrize("arguments", [["gone"], [], ["carved", "--format", "xml"]])
def test_wrong_use_and_nothing_to_read_end_with_2(
    carved: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["inspect", *arguments]) == 2
    assert capsys.readouterr().out == ""


def test_a_folder_without_pictures_is_done_and_says_so(carved: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inspect", "carved/notes.txt", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == []
    assert "0 files looked at (none), 1 of other kinds passed over" in err
