"""The truth: what it says, whose a case is by it, and that no analysis can know it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lodger.errors import InputError
from lodger.lab import Intruder, LookAlike, Truth, is_intruders, is_touched, read_truth, write_fleet
from lodger.lab.truth import Residence, Revocation, truth_path, write_truth
from lodger.model.trust import Kind
from lodger.workspace import Workspace

SPY = """
import sys
from pathlib import Path

opened = []
watched = {"open", "os.scandir", "os.listdir"}
sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event in watched else None)

from lodger.workspace import Workspace

fleet, case = map(Path, sys.argv[1:])
workspace = Workspace.create_or_open(case)
workspace.ingest([fleet])
workspace.analyse()
workspace.ranked()
assert any(path.endswith(".jsonl") for path in opened), "the spy sees nothing"
print("\\n".join(path for path in opened if "truth" in path or Path(path) == fleet.parent))
"""


def truth() -> Truth:
    intruder = Intruder(
        name="usb-1",
        family="usb",
        traits={"arrival": "usb", "days": "36"},
        evasive=False,
        hosts=("WS0101",),
        programs=(Residence("WS0101", "C:\\Users\\ada\\x.exe"), Residence("WS0101", "E:\\Photos\\view.exe")),
        signer="Kelvik Data AB",
        destinations=("img1.kivlek.example", "192.0.2.201"),
        arrival="2024-04-03T10:00:00+00:00",
        departure=None,
        touched=(Residence("WS0101", "C:\\Windows\\System32\\cmd.exe"),),
        revocation=Revocation("Kelvik Data AB", "2024-03-04", "2024-04-20"),
    )
    look = LookAlike("WS0102", "C:\\agent.exe", "hourly plain HTTP", "niche agent")
    return Truth(3, "2024-04-01", 60, ("WS0101", "WS0102"), (intruder,), (look,), 10, 20)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = truth_path(tmp_path / "fleet")
    assert path == tmp_path / "fleet.truth.json"
    write_truth(truth(), path)
    assert read_truth(path) == truth()


@pytest.mark.parametrize("content", [b"", b"[]", b'{"seed": "one"}', b"\xff\xfe"])
def test_what_is_no_truth_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "truth.json").write_bytes(content)
    with pytest.raises(InputError, match="is not the truth about a fleet"):
        read_truth(tmp_path / "truth.json")
    with pytest.raises(InputError, match=r"absent\.json cannot be read"):
        read_truth(tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("host", "program", "theirs"),
    [
        ("ws0101.fairholt.example", "c:\\users\\ada\\X.exe", True),
        ("WS0101", "\\Device\\HarddiskVolume3\\Users\\ada\\x.exe", True),
        ("ws0101", "\\photos\\view.exe", True),
        ("ws01010.fairholt.example", "C:\\Users\\ada\\x.exe", False),
        ("ws0102.fairholt.example", "C:\\Users\\ada\\x.exe", False),
        ("ws0101.fairholt.example", "C:\\Windows\\System32\\cmd.exe", False),
    ],
)
def test_a_case_is_the_intruders_by_host_and_path_however_they_are_spelt(host: str, program: str, theirs: bool) -> None:
    whole = truth()
    assert is_intruders(whole, host, program) == (whole.intruders[0] if theirs else None)


def test_a_program_that_it_worked_through_is_neither_its_own_nor_nobodys() -> None:
    whole = truth()
    case = ("ws0101.fairholt.example", "C:\\Windows\\System32\\cmd.exe")
    assert is_touched(whole, *case) == whole.intruders[0]
    assert is_touched(whole, "ws0102", case[1]) is None


def test_a_revocation_is_a_statement_with_both_its_times() -> None:
    (intruder,) = truth().intruders
    assert intruder.revocation is not None
    said = intruder.revocation.statement()
    assert (said.kind, said.signer) == (Kind.REVOKED, intruder.signer)
    assert [str(day.date()) for day in (said.valid_from, said.known_from) if day] == ["2024-03-04", "2024-04-20"]


def test_no_analysis_opens_the_truth_or_looks_where_it_lies(tmp_path: Path) -> None:
    write_fleet(tmp_path / "fleet", seed=5, hosts=2, days=4)
    command = [sys.executable, "-c", SPY, str(tmp_path / "fleet"), str(tmp_path / "elsewhere" / "case")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_a_truth_among_what_is_ingested_is_named_as_no_telemetry(tmp_path: Path) -> None:
    line = {"ts": 1711962000.5, "uid": "C1", "id.orig_h": "10.0.0.1", "id.resp_h": "192.0.2.1", "_path": "conn"}
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "conn.log").write_text(json.dumps(line) + "\n", encoding="utf-8")
    write_truth(truth(), tmp_path / "logs.truth.json")
    case = Workspace.create_or_open(tmp_path.parent / f"{tmp_path.name}-case")
    summary = case.ingest([tmp_path])
    told = {Path(source.name).name: (source.stored, source.problem) for source in summary.sources}
    assert told == {"conn.log": (1, None), "logs.truth.json": (0, "not a format that Lodger knows")}
