"""Pictures, documents and programs among telemetry: one row each, whatever is in them."""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.disguise import writers

from lodger.model.telemetry import Batch, SourceFile
from lodger.telemetry import sources
from lodger.telemetry.discovery import choose, readers
from lodger.telemetry.inspections import INSPECTED
from lodger.telemetry.sources import Problem

JPEG = writers.jpeg(Random(1), 9_000)
TAIL = Random(2).randbytes(500)
(READER,) = [reader for reader in readers() if reader.name == "carved_file"]


def row(path: Path, name: str, content: bytes, *, packed: bool = False) -> dict[str, Any]:
    """What is stored of a file of this name, without null columns and the moment."""
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    source = SourceFile(path, name, sha256, "c" * 64 if packed else sha256, len(content))
    (batch,) = READER.read(source)
    assert isinstance(batch, Batch)
    batch.data.validate(full=True)
    (told,) = batch.data.to_pylist()
    assert (told.pop("source"), told.pop("record"), told.pop("other")) == (sha256, 1, [])
    moment = told.pop("time")
    assert abs((datetime.now(UTC).replace(tzinfo=None) - moment).total_seconds()) < 60
    assert told.pop("day") == moment.date()
    return {name: value for name, value in told.items() if value is not None}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def test_of_a_clean_file_its_kind_and_hash_are_told(path: Path) -> None:
    assert row(path, "x/photo.jpg", JPEG) == {
        "name": "x/photo.jpg",
        "file_name": "photo.jpg",
        "kind": "jpeg",
        "verdict": "clean",
        "size": len(JPEG),
        "sha256": hashlib.sha256(JPEG).hexdigest(),
        "finding_count": 0,
    }


def test_of_hidden_data_the_place_and_all_that_other_sensors_know_it_by(path: Path) -> None:
    content = JPEG + TAIL
    name = "extract-1362692527.009775-HTTP-FakNcS1Jfe01uljb3"
    told = row(path, f"carved/{name}", content)
    (finding,) = json.loads(told.pop("findings"))
    assert told == {
        "name": f"carved/{name}",
        "file_name": name,
        "kind": "jpeg",
        "verdict": "hidden data",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "sha1": hashlib.sha1(content).hexdigest(),  # noqa: S324
        "md5": hashlib.md5(content).hexdigest(),  # noqa: S324
        "fuid": "FakNcS1Jfe01uljb3",
        "finding_count": 1,
        "finding_kind": "after the end",
        "finding_offset": len(JPEG),
        "finding_length": 500,
        "finding_sentence": finding["sentence"],
        "image_sha256": told["image_sha256"],
        "tail_sha256": hashlib.sha256(TAIL).hexdigest(),
    }
    assert (finding["kind"], finding["verdict"], finding["offset"]) == ("after the end", "hidden data", len(JPEG))
    assert finding["sentence"].startswith("500 bytes behind the end of the picture")


def test_two_pictures_with_equal_data_have_one_image_and_two_tails(path: Path) -> None:
    one, other = (row(path, "a.jpg", JPEG + tail) for tail in (TAIL, TAIL[::-1]))
    assert one["image_sha256"] == other["image_sha256"]
    assert one["tail_sha256"] != other["tail_sha256"]


@pytest.mark.parametrize(
    ("name", "packed", "own", "fuid"),
    [
        ("a.zip!b/HTTP-FMnxxt3xjVcuNS2141.jpg", True, "HTTP-FMnxxt3xjVcuNS2141.jpg", "FMnxxt3xjVcuNS2141"),
        ("dir/odd!name.jpg", False, "odd!name.jpg", None),
        ("dir\\Front.jpg", False, "Front.jpg", None),
        ("a.7z!x\\y.jpg", True, "y.jpg", None),
    ],
)
def test_a_files_own_name_is_what_stands_last(path: Path, name: str, packed: bool, own: str, fuid: str | None) -> None:
    told = row(path, name, JPEG, packed=packed)
    assert (told["name"], told["file_name"], told.get("fuid")) == (name, own, fuid)


def test_the_gravest_finding_is_told_and_not_more_than_some(path: Path) -> None:
    told = row(path, "a.jpg", JPEG[:2] + (b"\xff\xe1\0\x52" + Random(3).randbytes(80)) * 40 + JPEG[2:] + TAIL)
    assert (told["verdict"], told["finding_count"] > INSPECTED) == ("hidden data", True)
    assert len(json.loads(told["findings"])) == INSPECTED


@pytest.mark.parametrize(
    ("name", "content", "known"),
    [
        ("any", JPEG, True),
        ("any", writers.png(Random(1)), True),
        ("any", writers.gif(Random(1)), True),
        ("any", writers.bmp(Random(1)), True),
        ("any", writers.webp(Random(1)), True),
        ("any", writers.pdf(Random(1)), True),
        ("a/b.PDF", b"#!/bin/sh\necho 1\n" * 9, True),
        ("a/b.png", b"no picture at all, and long enough", True),
        ("any", b"something else, of no format at all that is known", False),
        ("notes.txt", b"something else, of no format at all that is known", False),
        ("any", b'{"a": "%PDF-1.4"}\n' + b" " * 2000, False),
    ],
)
def test_files_are_known_by_their_beginning_and_pictures_and_documents_by_name_too(
    name: str, content: bytes, known: bool
) -> None:
    assert (choose(content, name) is READER) == known


def test_telemetry_is_told_by_its_own_reader_whatever_its_name() -> None:
    line = b'{"timestamp":"2021-03-01T00:00:00.0+0000","event_type":"flow","src_ip":"10.0.0.1","note":"%PDF-1.4"}\n'
    found = choose(line, "x/flow.pdf")
    assert found is not None
    assert found.name == "suricata"


@settings(max_examples=50)
@given(content=st.binary(max_size=300), kind=st.sampled_from([b"", JPEG[:40], b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n"]))
def test_whatever_a_file_holds_one_row_or_a_reason_comes_out(
    content: bytes, kind: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(kind + content)
    source = SourceFile(path, "x.pdf", "f" * 64, "f" * 64, len(kind + content))
    (item,) = READER.read(source)
    assert isinstance(item, str) or getattr(item, "table", "") == "file_inspection"


def test_a_file_that_cannot_be_opened_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be read"):
        list(READER.read(SourceFile(tmp_path / "none", "none.jpg", "f" * 64, "f" * 64, 1)))


def test_an_office_document_is_one_file_and_another_zip_is_unpacked(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.docx").write_bytes(writers.docx(Random(1), 900))
    with zipfile.ZipFile(logs / "b.zip", "w") as archive:
        archive.writestr("inner.jpg", JPEG)
        archive.writestr("inner.docx", writers.docx(Random(2), 900))
    spool = tmp_path / "spool"
    found = [each.name.removeprefix(f"{logs}/") for each in _found(logs, spool)]
    assert found == ["a.docx", "b.zip!inner.jpg", "b.zip!inner.docx"]


def _found(folder: Path, spool: Path) -> list[SourceFile]:
    every = list(sources.find([folder], spool, lambda _: False))
    assert not [each for each in every if isinstance(each, Problem)]
    return [each for each in every if isinstance(each, SourceFile)]
