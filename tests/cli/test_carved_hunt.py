"""A picture with something behind it: carved by Zeek, fetched by a program, shown with the program's stay."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.disguise import writers

from lodger.cli import run

IMAGE = r"C:\ProgramData\Helper\helper.exe"
FUID = "FakNcS1Jfe01uljb3"
UID = "CHhAvVGS1DHFjwGM9"
PICTURE = writers.jpeg(Random(1), 9_000)
BEGUN = 1_614_592_800.0  # 2021-03-01 10:00 UTC
ENDS = {"uid": UID, "id.orig_h": "10.0.0.1", "id.orig_p": 50_000, "id.resp_h": "192.0.2.10", "id.resp_p": 80}


def _sysmon(event: int, time: str, **fields: str) -> str:
    data = {"UtcTime": time, "ProcessGuid": "{00000000-0000-0000-0000-000000000001}", "ProcessId": "42", **fields}
    system = {
        "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
        "EventID": event,
        "Channel": "Microsoft-Windows-Sysmon/Operational",
        "Computer": "WS1",
        "EventRecordID": event,
        "TimeCreated": {"#attributes": {"SystemTime": time.replace(" ", "T") + "Z"}},
    }
    return json.dumps({"Event": {"System": system, "EventData": {**data, "Image": IMAGE}}})


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of one host whose program fetched one picture; the carved file lies beside the logs."""
    folder = tmp_path_factory.mktemp("carved")
    logs = folder / "logs"
    (logs / "extract_files").mkdir(parents=True)
    launch = {"CommandLine": IMAGE, "ParentImage": r"C:\Windows\explorer.exe", "User": "ann", "ParentProcessId": "9"}
    launch |= {"ParentProcessGuid": "{00000000-0000-0000-0000-000000000009}", "Hashes": "SHA256=" + "A" * 64}
    call = {"Protocol": "tcp", "Initiated": "true", "SourceIp": "10.0.0.1", "SourcePort": "50000"}
    call |= {"DestinationIp": "192.0.2.10", "DestinationPort": "80"}
    events = [_sysmon(1, "2021-03-01 09:00:00.000", **launch), _sysmon(3, "2021-03-01 10:00:00.000", **call)]
    (logs / "sysmon.json").write_text("\n".join(events) + "\n")
    conn = {"proto": "tcp", "service": "http", "duration": 1.0, "orig_bytes": 90, "resp_bytes": 10_000}
    http = {"trans_depth": 1, "method": "GET", "host": "www.example", "uri": "/img/logo.jpg", "status_code": 200}
    http |= {"resp_fuids": [FUID], "resp_mime_types": ["image/jpeg"], "request_body_len": 0, "response_body_len": 9_500}
    files = {"fuid": FUID, "conn_uids": [UID], "source": "HTTP", "is_orig": False, "mime_type": "image/jpeg"}
    files |= {"analyzers": ["EXTRACT"], "seen_bytes": 9_500, "tx_hosts": ["192.0.2.10"], "rx_hosts": ["10.0.0.1"]}
    (logs / "conn.log").write_text(json.dumps({"ts": BEGUN, **ENDS, **conn, "conn_state": "SF"}) + "\n")
    (logs / "http.log").write_text(json.dumps({"ts": BEGUN + 0.1, **ENDS, **http}) + "\n")
    (logs / "files.log").write_text(json.dumps({"ts": BEGUN + 0.2, **files}) + "\n")
    content = PICTURE + Random(2).randbytes(500)
    (logs / "extract_files" / f"extract-{BEGUN}-HTTP-{FUID}").write_bytes(content)
    assert run(["hunt", str(logs), "--case", str(folder / "case")]) == 0
    return folder / "case"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run([*arguments, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_hidden_data_is_evidence_on_the_programs_stay_with_its_place(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (stay,) = [each for each in answer(capsys, "cases", "--case", str(case)) if each["program"] == IMAGE]
    assert stay["host"] == "ws1"
    evidence = answer(capsys, "show", stay["stay_id"], "--case", str(case))["evidence"]
    (found,) = [each for each in evidence if each["detector"] == "hidden_in_file"]
    assert found["facet"] == "disguise"
    assert found["first"].startswith("2021-03-01T10:00:00")
    assert found["sentence"].startswith(
        "received logo.jpg from www.example, with 500 bytes behind the end of the picture: 7."
    )
    assert found["sentence"].endswith(f"from byte {len(PICTURE)} of {len(PICTURE) + 500}")


def test_it_leads_to_the_carved_file_and_to_the_sensors_record_of_it(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (stay,) = [each for each in answer(capsys, "cases", "--case", str(case)) if each["program"] == IMAGE]
    evidence = answer(capsys, "show", stay["stay_id"], "--case", str(case))["evidence"]
    (records,) = [each["records"] for each in evidence if each["detector"] == "hidden_in_file"]
    assert sorted((Path(each["file"]).name, each["record"]) for each in records) == [
        (f"extract-{BEGUN}-HTTP-{FUID}", 1),
        ("files.log", 1),
    ]


def test_a_carved_file_is_taken_once(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sources = answer(capsys, "ingest", str(case.parent / "logs"), "--case", str(case))["sources"]
    carved = [each for each in sources if each["reader"] == "carved_file"]
    assert [(each["read"], each["stored"], each["aside"], each["already"]) for each in carved] == [(1, 1, 0, True)]


def test_a_carved_file_is_no_sensor(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, "lake", "info", "--case", str(case))
    assert "file_inspection" not in {each["sensor"] for each in told["sensors"]}
    assert [each["rows"] for each in told["tables"] if each["table"] == "file_inspection"] == [1]
