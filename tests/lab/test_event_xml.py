"""A fleet's events as XML are the same events."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.lab import write_fleet
from lodger.lab.event_xml import document
from lodger.telemetry.event_xml import parsed
from lodger.workspace import Workspace

#: Where the two differ: in which file and record an event is, and what neither has a column for.
_OWN = {"source", "record", "other"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("xml")
    write_fleet(folder / "lines", seed=7, hosts=2, days=1)
    write_fleet(folder / "xml", seed=7, hosts=2, days=1, xml=True, packed=True)
    return folder


def _rows(case: Path, fleet: Path, reader: str) -> list[str]:
    workspace = Workspace.create_or_open(case)
    summary = workspace.ingest([fleet / "hosts"])
    assert summary.problems == ()
    assert {(source.reader, source.aside) for source in summary.sources} == {(reader, 0)}
    rows = workspace.sql("SELECT * FROM windows_event").to_pylist()
    return sorted(repr({name: value for name, value in row.items() if name not in _OWN}) for row in rows)


def test_both_ways_of_writing_are_read_as_the_same_rows(folder: Path, tmp_path: Path) -> None:
    lines = _rows(tmp_path / "lines", folder / "lines", "windows_json")
    assert len(lines) > 1000
    assert _rows(tmp_path / "xml", folder / "xml", "windows_xml") == lines


def test_files_are_named_by_what_they_hold_and_all_else_is_the_same(folder: Path) -> None:
    assert {path.name for path in (folder / "xml" / "hosts").glob("*/*")} == {"events-2024-04-01.xml.gz"}
    wire = {path.relative_to(folder / "lines"): path.read_bytes() for path in (folder / "lines" / "zeek").rglob("*.gz")}
    assert wire == {
        path.relative_to(folder / "xml"): path.read_bytes() for path in (folder / "xml" / "zeek").rglob("*.gz")
    }
    truths = [(folder / f"{name}.truth.json").read_bytes() for name in ("lines", "xml")]
    assert truths[0] == truths[1]


_TEXT = st.text(
    st.characters(min_codepoint=0x20, exclude_categories=("Cs", "Cc")).filter(lambda c: c not in "\ufffe\uffff")
)


@given(command=_TEXT, name=_TEXT)
def test_whatever_a_field_says_comes_back(command: str, name: str) -> None:
    head = dict.fromkeys(("SourceName", "ProviderGuid", "Level", "Keywords", "Channel", "TimeCreated", "Message"), "x")
    line = json.dumps({**head, "Task": "1", "EventID": 1, "Hostname": "h" + name, "CommandLine": command})
    written = document([line])
    begun, ended = written.index("<Event "), written.rindex("</Events>")
    event = parsed(written[begun:ended].encode())
    assert isinstance(event, dict)
    assert event["EventData"] == {"CommandLine": command}
    assert event["System"]["Computer"] == "h" + name
    assert event["System"]["EventID"] == "1"
