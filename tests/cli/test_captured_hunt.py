"""A picture with something behind it in a capture's plain HTTP: the program that sent it is shown with it."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.cli.test_carved_hunt import IMAGE, _sysmon, answer
from tests.disguise import writers
from tests.telemetry.readers.capture_writer import PAGE, connection, pcap

from lodger.cli import run

SENT = 1_614_592_800_000_000  # 2021-03-01 10:00 UTC
PICTURE = writers.jpeg(Random(1), 9_000)
UPLOAD = PICTURE + Random(2).randbytes(500)
PROGRAM = writers.pe(Random(3)).ljust(900, b"\0")
HEAD = "POST /gate.php HTTP/1.1\r\nHost: www.example\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\n\r\n"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of one host, whose program posts a picture and fetches another that is none; a capture has seen both."""
    folder = tmp_path_factory.mktemp("captured")
    logs = folder / "logs"
    logs.mkdir()
    launch = {"CommandLine": IMAGE, "ParentImage": r"C:\Windows\explorer.exe", "User": "ann", "ParentProcessId": "9"}
    launch |= {"ParentProcessGuid": "{00000000-0000-0000-0000-000000000009}", "Hashes": "SHA256=" + "A" * 64}
    call = {"Protocol": "tcp", "Initiated": "true", "SourceIp": "10.0.0.1"}
    call |= {"DestinationIp": "192.0.2.1", "DestinationPort": "80"}
    events = [_sysmon(1, "2021-03-01 09:00:00.000", **launch)]
    events += [_sysmon(3, f"2021-03-01 10:{at}:00.000", **call, SourcePort=port) for at, port in _CALLS]
    (logs / "sysmon.json").write_text("\n".join(events) + "\n")
    posted = HEAD.format(len(UPLOAD)).encode() + UPLOAD
    said = [posted[at : at + 1400] for at in range(0, len(posted), 1400)]
    up = connection(50_000, said, [PAGE], server_port=80, at=SENT)
    fetched = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(PROGRAM) + PROGRAM
    asked = b"GET /img/logo.jpg HTTP/1.1\r\nHost: www.example\r\n\r\n"
    down = connection(50_001, [asked], [fetched], server_port=80, at=SENT + 600_000_000)
    (logs / "wire.pcap").write_bytes(pcap([*up, *down]))
    assert run(["hunt", str(logs), "--case", str(folder / "case")]) == 0
    return folder / "case"


_CALLS = (("00", "50000"), ("10", "50001"))


def told(case: Path, capsys: pytest.CaptureFixture[str], detector: str) -> dict[str, Any]:
    (stay,) = [each for each in answer(capsys, "cases", "--case", str(case)) if each["program"] == IMAGE]
    assert stay["host"] == "ws1"
    evidence = answer(capsys, "show", stay["stay_id"], "--case", str(case))["evidence"]
    (found,) = [each for each in evidence if each["detector"] == detector]
    return dict(found)


def test_what_is_behind_the_posted_picture_is_evidence_with_packet_and_flow(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(case, capsys, "hidden_in_file")
    assert found["first"].startswith("2021-03-01T10:00:00")
    assert found["sentence"].startswith(
        "sent a file to www.example (packet 4), with 500 bytes behind the end of the picture: 7."
    )
    assert found["sentence"].endswith(f"from byte {len(PICTURE)} of {len(UPLOAD)}")
    # two flows, and behind them two bodies
    assert [(Path(each["file"]).name, each["record"]) for each in found["records"]] == [
        ("wire.pcap", 1),
        ("wire.pcap", 3),
    ]


def test_a_program_fetched_as_a_picture_is_evidence(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(case, capsys, "program_as_document")
    assert found["sentence"].endswith("received logo.jpg (packet 20), which is a program")


def test_the_capture_is_taken_once(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = answer(capsys, "ingest", str(case.parent / "logs"), "--case", str(case))["sources"]
    (wire,) = [each for each in sources if each["reader"].startswith("pcap")]
    assert (wire["read"], wire["stored"], wire["aside"], wire["already"]) == (4, 4, 0, True)
    tables = {each["table"]: each["rows"] for each in answer(capsys, "lake", "info", "--case", str(case))["tables"]}
    assert (tables["nfstream_flow"], tables["file_inspection"]) == (2, 2)
