from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lodger.cli import run

if TYPE_CHECKING:
    from tests.cli.conftest import Fleet


def test_it_says_what_became_of_the_records(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["ingest", "logs"]) == 0
    assert capsys.readouterr().out == "2 files, 1,290 records read = 1,288 stored + 2 kept aside\n"


def test_json_has_every_file(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    fleet.summary = replace(fleet.summary, problems=("none: no such file",))
    assert run(["ingest", "logs", "none", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "format_version": 1,
        "sources": [
            {
                "name": "logs.zip!host/sysmon.json",
                "reader": "windows_json",
                "read": 1200,
                "stored": 1198,
                "aside": 2,
                "already": False,
                "earlier": 0,
                "problem": None,
            },
            {
                "name": "zeek/conn.log",
                "reader": "zeek_tsv",
                "read": 90,
                "stored": 90,
                "aside": 0,
                "already": False,
                "earlier": 0,
                "problem": None,
            },
        ],
        "problems": ["none: no such file"],
    }
