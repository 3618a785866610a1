"""The Sigma baseline: which rules are converted, and that what they hit is what they say."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import yaml

from benchmarks.lab.methods.rules import Hit, Rules, converted, hits
from benchmarks.lab.methods.sigma import counted, risk
from lodger.lake.tables import Lake
from lodger.workspace import Workspace

NET = """
title: Net View
id: 00000000-0000-0000-0000-000000000001
level: medium
logsource: {category: process_creation, product: windows}
detection:
    selection:
        Image|endswith: '\\net.exe'
        CommandLine|contains: ' view'
    filter:
        ParentImage|startswith: 'C:\\Admin\\'
    condition: selection and not filter
"""
DRIVER = """
title: Driver From Temp
id: 00000000-0000-0000-0000-000000000002
level: high
logsource: {category: driver_load, product: windows}
detection:
    selection:
        ImageLoaded|re: '.*\\\\Temp\\\\[a-z]+\\.sys$'
    condition: selection
"""
LINUX = NET.replace("windows", "linux")
CAMERA = NET.replace("process_creation", "camera_use")


@pytest.fixture
def rules(tmp_path: Path) -> Rules:
    path = tmp_path / "rules.zip"
    with zipfile.ZipFile(path, "w") as members:
        for name, text in (("a", NET), ("b", DRIVER), ("c", LINUX), ("d", CAMERA), ("e", "title: nothing")):
            members.writestr(f"{name}.yml", text)
    return converted(path)


def _event(host: str, day: int, number: int, **fields: str) -> str:
    return json.dumps(
        {
            "Channel": "Microsoft-Windows-Sysmon/Operational",
            "Hostname": host,
            "EventID": number,
            "SourceName": "Microsoft-Windows-Sysmon",
            "@timestamp": f"2024-04-{day:02}T10:00:00.000Z",
            "TimeCreated": f"2024-04-{day:02}T10:00:00.000Z",
            "UtcTime": f"2024-04-{day:02} 10:00:00.000",
            **fields,
        }
    )


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    net, shell = r"C:\Windows\System32\net.exe", r"C:\Windows\System32\cmd.exe"
    view = {"Image": net, "CommandLine": "NET VIEW /all", "ParentImage": shell}
    lines = [
        _event("WS1.corp.example", 1, 1, **view),
        _event("WS1.corp.example", 1, 1, **view),
        _event("WS1.corp.example", 3, 1, **view),
        _event("WS2.corp.example", 3, 1, **{**view, "ParentImage": r"c:\admin\tool.exe"}),
        _event("WS2.corp.example", 3, 1, **{**view, "CommandLine": "net use"}),
        _event("WS2.corp.example", 4, 6, ImageLoaded=r"C:\Users\a\Temp\abc.sys"),
    ]
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    workspace = Workspace.create_or_open(tmp_path / "case")
    workspace.ingest([tmp_path / "events.jsonl"])
    return Lake(workspace.path)


def test_every_rule_for_windows_is_converted_or_counted(rules: Rules) -> None:
    assert [(rule.level, rule.kind, sorted(rule.fields)) for rule in rules.rules] == [
        ("medium", "process_creation", ["CommandLine", "Image", "ParentImage"]),
        ("high", "driver_load", ["ImageLoaded"]),
    ]
    assert rules.windows == 3
    assert sum(rules.left_out.values()) == 2


def test_hits_are_those_of_every_event_whatever_its_case(rules: Rules, lake: Lake) -> None:
    net, driver = rules.rules
    found = hits(rules, lake, "2024-04-01")
    image, parent = r"C:\Windows\System32\net.exe", r"C:\Windows\System32\cmd.exe"
    expected = [
        *(Hit(net, "ws1", day, program, count) for day, count in ((0, 2), (2, 1)) for program in ("", image, parent)),
        *(Hit(driver, "ws2", 3, program, 1) for program in ("", r"C:\Users\a\Temp\abc.sys")),
    ]
    key = lambda hit: (hit.host, hit.day, hit.program)  # noqa: E731
    assert sorted(found, key=key) == sorted(expected, key=key)
    assert counted(hit for hit in found if not hit.program) == {("ws1", ""): 3, ("ws2", ""): 1}


def test_every_rule_hits_the_events_that_its_own_project_publishes_for_it(tmp_path: Path, shared_data: Path) -> None:
    # SigmaHQ's regression data: for each rule a log, and in how many of its events the rule must be found
    wanted = Counter[str]()
    with zipfile.ZipFile(shared_data / "sigma" / "regression.zip") as members:
        for name in members.namelist():
            info = yaml.safe_load(members.read(name)) if name.endswith("info.yml") else {}
            for each in info.get("regression_tests_info") or ():
                if each["type"] == "evtx":
                    wanted[info["rule_metadata"][0]["id"]] += int(each.get("match_count", 1))
                    (tmp_path / Path(each["path"]).name).write_bytes(members.read(each["path"]))
    workspace = Workspace.create_or_open(tmp_path / "case")
    workspace.ingest(sorted(tmp_path.glob("*.evtx")))
    all_ = converted(shared_data / "sigma" / "rules.zip")
    asked = Rules(tuple(rule for rule in all_.rules if rule.name in wanted), 0, Counter())
    found = Counter[str]()
    for hit in hits(asked, Lake(workspace.path), "2024-01-01"):
        found[hit.rule.name] += hit.count * (not hit.program)
    assert len(wanted) == 101
    assert [name for name, count in wanted.items() if found[name] < count] == []


def test_risk_adds_up_over_seven_days_and_a_rule_counts_once_a_day(rules: Rules) -> None:
    net, driver = rules.rules  # 47 and 73
    found = [Hit(net, "ws1", day, "", 5) for day in (0, 0, 6, 7)] + [Hit(driver, "ws1", 6, "", 1)]
    assert risk(found) == {("ws1", ""): 47 + 73 + 47}
    assert risk(found, window=30) == {("ws1", ""): 3 * 47 + 73}


def test_risk_is_the_sum_of_an_entitys_events(rules: Rules) -> None:
    # "Risk Timeline" of Splunk's manual: foo 30, bar 50, foo 30 are foo 60 and bar 50; here 47 and 73
    net, driver = rules.rules
    found = [Hit(net, "foo", 0, "", 1), Hit(driver, "bar", 0, "", 1), Hit(net, "foo", 1, "", 1)]
    assert risk(found) == {("foo", ""): 94, ("bar", ""): 73}
