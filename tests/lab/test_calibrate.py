"""Calibration: shares by hand, lives found in a case's tables, and no family scored with what it taught itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from lodger.cli import run
from lodger.errors import InputError
from lodger.evidence import all_detectors
from lodger.lab.calibrate import LIVES, Fold, Labelled, estimate, folds, labelled, without
from lodger.lab.truth import Intruder, Residence, Truth
from lodger.verdict import Shares, read_shares
from lodger.verdict.settings import written

HEADER = {each.id: each.detector.p_implant for each in all_detectors()}
INTRUDER = Intruder(
    name="one",
    family="usb",
    traits={},
    evasive=False,
    hosts=("WS1", "WS2"),
    programs=(
        Residence("WS1", r"C:\Program Files\Lodging\lodge.exe"),
        Residence("WS1", r"C:\Windows\System32\drivers\lodge.sys"),
        Residence("WS2", r"C:\Program Files\Lodging\lodge.exe"),
    ),
    signer="",
    destinations=(),
    arrival="2024-04-02T09:00:00+00:00",
    departure=None,
)
TRUTH = Truth(1, "2024-04-01", 30, ("WS1", "WS2"), (INTRUDER,), (), 0, 0)


def tables() -> tuple[pa.Table, pa.Table, pa.Table]:
    stays = [
        ("a", "ws1.corp.example", r"C:\Program Files\Lodging\lodge.exe"),
        ("b", "ws2", r"C:\Program Files\Lodging\lodge.exe"),
        ("c", "ws1.corp.example", r"C:\Windows\System32\drivers\lodge.sys"),
        ("d", "ws3", r"C:\Program Files\Lodging\lodge.exe"),
    ]
    evidence = [
        ("a", "opens_shell"),
        ("b", "opens_shell"),
        ("a", "open_folder"),
        ("c", "rare_signer"),
        ("d", "renamed"),
    ]
    return (
        pa.Table.from_pylist(
            [{"stay_id": one, "host": host, "path": path, "kind": "process"} for one, host, path in stays]
        ),
        pa.Table.from_pylist([{"stay_id": one, "detector": detector} for one, detector in evidence]),
        pa.Table.from_pylist([{"host": "ws1.corp.example", "kind": "launches"}, {"host": "ws2", "kind": "launches"}]),
    )


def test_a_life_is_its_main_program_on_all_of_its_hosts_as_far_as_their_sensors_see() -> None:
    (life,) = labelled(*tables(), TRUTH)
    seen = {each.id for each in all_detectors() if each.detector.needs == {"launches"}}
    assert (life.name, life.family, set(life.shown)) == ("one", "usb", seen)
    assert {name: share for name, share in life.shown.items() if share} == {"opens_shell": 1.0, "open_folder": 0.5}


def test_a_life_of_which_nothing_was_recorded_is_left_out() -> None:
    elsewhere = replace(INTRUDER, programs=(Residence("WS9", r"C:\x.exe"),))
    assert labelled(*tables(), replace(TRUTH, intruders=(elsewhere,))) == ()


def test_shares_by_hand() -> None:
    """`opens_shell` (header 0.4, as much as 20 lives) shown by 5 of 5 lives: (8 + 5) / 25 = 0.52."""
    assert (LIVES, HEADER["opens_shell"]) == (20, 0.4)
    lives = [Labelled(f"l{n}", "usb", {"opens_shell": 1.0, "gone since": 1.0}) for n in range(5)]
    assert estimate(lives) == {"opens_shell": Shares(p_implant=0.52)}
    assert estimate([]) == {}


def test_a_family_teaches_nothing_about_itself() -> None:
    shown = [Labelled(f"u{n}", "usb", {"opens_shell": 1.0}) for n in range(20)]
    hidden = [Labelled(f"d{n}", "driver", {"opens_shell": 0.0}) for n in range(20)]
    assert without([*shown, *hidden], "usb") == {"opens_shell": Shares(p_implant=0.2)}
    assert without([*shown, *hidden], "driver") == {"opens_shell": Shares(p_implant=0.7)}
    judged = folds([*shown, *hidden])
    assert judged == (Fold("driver", 20, 2.22, 5.23), Fold("usb", 20, 3.98, 6.99))


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    shares = {"opens_shell": Shares(p_implant=0.52), "renamed": Shares(0.25, 0.01)}
    (tmp_path / "shares.json").write_bytes(written(shares, "five lives"))
    assert read_shares(tmp_path / "shares.json") == shares


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "no file of shares"),
        ('{"lodger_shares": 2, "made_from": "", "detectors": {}}', "version 2"),
        ('{"lodger_shares": 1, "made_from": "", "detectors": {"x": {"p_implant": 1.0}}}', "between 0 and 1"),
        ('{"lodger_shares": 1, "made_from": "", "detectors": {"x": {"p_implant": "a"}}}', "no file of shares"),
    ],
)
def test_another_file_is_refused_with_the_reason(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "shares.json").write_text(text)
    with pytest.raises(InputError, match=problem):
        read_shares(tmp_path / "shares.json")


def test_cases_without_truths_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["lab", "calibrate", str(tmp_path), "--truth", "a", "--truth", "b", "--out", "x"]) == 2
    assert "give one --truth for each case" in capsys.readouterr().err
