"""A small collection of each tool, hunted whole: the program in it is found, and everything is kept."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

import lodger
from lodger.cli import run

NAME = "Collection-renamed-2023-03-10T12_00_00Z.zip"
PROGRAM = r"C:\Users\ann\AppData\Roaming\updater.exe"
GUID = "{11111111-2222-3333-4444-555555555555}"
SYSMON = {"Computer": "WS1.corp.example", "Channel": "Microsoft-Windows-Sysmon/Operational"}


def event(number: int, when: str, **data: str) -> dict[str, Any]:
    return {
        "EventTime": f"2023-03-{when}Z",
        **SYSMON,
        "Provider": "Microsoft-Windows-Sysmon",
        "EventID": number,
        "EventRecordID": int(when.replace("T", "").replace(":", "")),
        "EventData": {"UtcTime": f"2023-03-{when}".replace("T", " "), "ProcessGuid": GUID, "ProcessId": "700",
                      "Image": PROGRAM, **data},
        "OSPath": r"C:\Windows\System32\winevt\Logs\Microsoft-Windows-Sysmon%4Operational.evtx",
    }  # fmt: skip


def connected(when: str) -> dict[str, Any]:
    return event(
        3, when, Protocol="tcp", Initiated="true", SourceIp="10.0.0.5", SourcePort="50000", DestinationIp="192.0.2.9",
        DestinationPort="443",
    )  # fmt: skip


MEMBERS: dict[str, list[dict[str, Any]]] = {
    "client_info.json": [
        {"Hostname": "WS1", "Fqdn": "WS1.corp.example", "Architecture": "amd64", "BootTime": "2023-03-01T00:00:00Z"}
    ],
    "results/Windows.EventLogs.EvtxHunter.json": [
        event(1, "05T09:00:00", CommandLine="updater.exe -q", ParentImage=r"C:\Windows\explorer.exe"),
        *(connected(f"{day:02}T10:00:00") for day in range(5, 10)),
    ],
    "results/Windows.System.Pslist.json": [
        {"Pid": 700, "Ppid": 4, "Name": "updater.exe", "Exe": PROGRAM, "CommandLine": "updater.exe -q",
         "CreateTime": "2023-03-05T09:00:00Z", "Authenticode": {"Trusted": "untrusted", "SubjectName": "Some Ltd"}},
    ],
    "results/Windows.Forensics.Prefetch.json": [
        {"Executable": "UPDATER.EXE", "Binary": r"\VOLUME{01d-2}\USERS\ANN\APPDATA\ROAMING\UPDATER.EXE",
         "LastRunTimes": ["2023-03-05T09:00:00Z", "2023-02-20T08:00:00Z"], "RunCount": 2},
    ],
    "results/Windows.NTFS.MFT.json": [
        {"EntryNumber": 9, "InUse": True, "IsDir": False, "FileName": "updater.exe", "OSPath": r"\\.\C:" + PROGRAM[2:],
         "Created0x10": "2012-01-01T00:00:00Z", "Created0x30": "2023-02-20T07:59:00Z"},
    ],
    "results/Custom.Corp.Odd%2FRows.json": [{"Odd": 1}, {"Odd": 2}],
}  # fmt: skip


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collection")
    evidence = folder / "evidence"
    evidence.mkdir()
    with zipfile.ZipFile(evidence / NAME, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in MEMBERS.items():
            archive.writestr(name, "".join(json.dumps(row) + "\n" for row in rows))
    (evidence / "20230310120000_PECmd_Output.json").write_text(
        json.dumps({"ExecutableName": "X.EXE", "RunCount": "1", "LastRun": "2023-03-01 00:00:00", "FilesLoaded": ""})
    )
    (evidence / "records.json").write_text(
        json.dumps(
            {"ts": "2023-03-06T00:00:00+00:00", "path": PROGRAM, "hostname": "WS1", "domain": "corp.example",
             "_type": "record", "_recorddescriptor": ["windows/registry/bam", 1]}
        )
    )  # fmt: skip
    assert run(["hunt", str(evidence), "--case", str(folder / "case")]) == 0
    return folder / "case"


def test_every_record_is_kept_by_the_reader_of_its_tool(case: Path) -> None:
    found = lodger.open(case).sql(
        "SELECT reader, sum(stored) AS stored, sum(aside) AS aside FROM source GROUP BY reader ORDER BY reader"
    )
    assert found.to_pylist() == [
        {"reader": "dissect", "stored": 1, "aside": 0},
        {"reader": "eztools", "stored": 1, "aside": 0},
        {"reader": "velociraptor", "stored": 6, "aside": 0},
        {"reader": "windows_json", "stored": 6, "aside": 0},
    ]


def test_the_program_is_found_on_the_host_that_the_collection_names(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["cases", "--case", str(case), "--format", "json"]) == 0
    (found,) = [each for each in json.loads(capsys.readouterr().out) if each["program"].endswith("updater.exe")]
    assert found["host"] == "ws1.corp.example"
    assert found["program"] == PROGRAM
    assert found["contacts"] == ["192.0.2.9:443"]
    assert found["arrival"] == "2023-02-20T07:59:00Z"


def test_its_life_reaches_from_the_first_run_that_prefetch_tells_to_the_last_contact(case: Path) -> None:
    (stay,) = (
        lodger.open(case)
        .sql(r"SELECT first_seen, last_seen, launches, signer FROM stay WHERE program LIKE '%\updater.exe'")
        .to_pylist()
    )
    assert [str(stay["first_seen"]), str(stay["last_seen"])] == ["2023-02-20 08:00:00", "2023-03-09 10:00:00"]
    assert stay["launches"] == 1
    assert stay["signer"] == "Some Ltd"
