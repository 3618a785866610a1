"""The lab's commands: what they print, and what they write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lodger.cli import run
from lodger.lab import read_truth
from lodger.lab.lives import draw, scenarios


def test_scenarios_are_told_for_people_and_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lab", "scenarios", "--family", "usb"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("usb\n")
    assert "5 scenarios" in shown
    assert run(["lab", "scenarios", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in told] == [each.name for each in scenarios()]
    assert all(each["format_version"] == 1 for each in told)
    assert told[0] == {"format_version": 1, "name": scenarios()[0].name, **scenarios()[0].traits()}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["scenarios", "--family", "moles"], "there is no family 'moles'"),
        (["plant", "--into", ".", "--out", "new", "--scenario", "mole"], "there is no scenario 'mole'"),
        (["plant", "--into", "absent", "--out", "new"], "absent holds neither"),
        (["fleet", "--out", "new", "--family", "moles"], "there is no family 'moles'"),
    ],
)
def test_what_there_is_not_is_refused_in_one_line(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["lab", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert list(tmp_path.iterdir()) == []


def test_a_fleet_has_the_lives_that_are_asked_for(tmp_path: Path) -> None:
    options = ["--hosts", "4", "--days", "8", "--seed", "3", "--out"]
    assert run(["lab", "fleet", *options, str(tmp_path / "none"), "--intruders", "0"]) == 0
    assert read_truth(tmp_path / "none.truth.json").intruders == ()
    wanted = ["--intruders", "2", "--family", "stolen-password", "--family", "usb"]
    assert run(["lab", "fleet", *options, str(tmp_path / "two"), *wanted]) == 0
    found = read_truth(tmp_path / "two.truth.json").intruders
    assert [one.name for one in found] == [one.name for one in draw(3, 2, ["stolen-password", "usb"])]
    assert {one.family for one in found} == {"stolen-password", "usb"}


def test_a_fleets_events_may_be_xml(tmp_path: Path) -> None:
    out = tmp_path / "fleet"
    assert run(["lab", "fleet", "--hosts", "1", "--days", "1", "--format", "xml", "--out", str(out)]) == 0
    (file,) = (out / "hosts").glob("*/*")
    assert file.name == "events-2024-04-01.xml"
    assert file.read_text(encoding="utf-8").startswith("<Events>\n<Event xmlns=")


def test_planting_says_how_much_went_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = {"_path": "http", "id.orig_h": "10.1.0.1", "id.resp_h": "203.0.113.9", "method": "GET"}
    rows = [{**row, "ts": 1_517_336_154 + 3600 * hour, "uid": f"C{hour}"} for hour in range(72)]
    log = tmp_path / "http.log"
    log.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert run(["lab", "plant", "--into", str(log), "--out", str(tmp_path / "planted")]) == 0
    count = read_truth(tmp_path / "planted.truth.json").zeek_rows
    assert capsys.readouterr().out == f"{tmp_path / 'planted'}: 0 events and {count} rows, on 10.1.0.1\n"
