"""Readers are found by being there; a broken one is named; no content has two readers."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.errors import PluginError
from lodger.telemetry import discovery
from lodger.telemetry import readers as package

READERS = tuple(sorted(file.stem for file in Path(package.__path__[0]).glob("[!_]*.py")))


def test_all_readers_are_found_and_say_what_they_do() -> None:
    found = discovery.readers()
    assert {"evtx", "windows_json", "zeek_tsv"} <= set(READERS)
    assert tuple(reader.name for reader in found) == READERS
    for reader in found:
        assert reader.title
        assert reader.maps


def test_every_reader_has_its_section_in_the_docs() -> None:
    formats = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    for reader in discovery.readers():
        assert f"`{reader.name}`" in formats
        assert reader.title in formats


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1\n", "broken.py: declares no READER"),
        ("READER = 3\n", "broken.py: declares no READER"),
        ("import nothing_of_this_name\n", "broken.py: cannot be loaded: No module named 'nothing_of_this_name'"),
        ("def\n", "broken.py: cannot be loaded: invalid syntax (broken.py, line 1)"),
        ("from lodger.telemetry.readers.evtx import READER\n", "evtx.py: another reader is already called 'evtx'"),
    ],
)
def test_a_broken_reader_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, message: str) -> None:
    (tmp_path / "broken.py").write_text(source)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    monkeypatch.delitem(sys.modules, f"{package.__name__}.broken", raising=False)
    importlib.invalidate_caches()
    discovery.readers.cache_clear()
    try:
        with pytest.raises(PluginError) as caught:
            discovery.readers()
        assert str(caught.value) == message
    finally:
        sys.modules.pop(f"{package.__name__}.broken", None)
        discovery.readers.cache_clear()


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\0" * 100,
        b"Lorem ipsum",
        b"MZ\x90",
        b"\xff\xfe\xff\xfe",
        b'{"event_type":"flow","timestamp":"2023"}',
        b"[]",
        b"{}",
    ],
)
def test_what_no_reader_knows_gets_none(head: bytes) -> None:
    assert discovery.choose(head) is None


@given(st.binary(max_size=300) | st.text(alphabet='{}[]":,\\#tsfieldEventID\n\t01 ', max_size=120).map(str.encode))
def test_no_content_confuses_the_choice(head: bytes) -> None:
    chosen = discovery.choose(head)
    assert chosen is None or chosen.name in READERS


def test_content_made_to_look_like_two_formats_stops_nothing() -> None:
    head = b'<Event>\n#separator \\x09\n#fields\tts\n<Event><System/></Event>\n{"ts":1.0,"uid":"C","EventID":1}\n'
    chosen = discovery.choose(head)
    assert chosen is None or chosen in discovery.claims(head)
