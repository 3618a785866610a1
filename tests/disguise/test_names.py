from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from tests.disguise import writers

from lodger.disguise import Verdict, examine
from lodger.disguise.names import check

SCRIPT = b"<script>\nvar a = 1;\n</script>\n" * 5


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("report.pdf", []),
        ("holiday.in.rome.jpg", []),
        ("setup.exe", []),
        ("lib.tar.gz", []),
        ("report.pdf.exe", ["double extension"]),
        ("photo.JPG.ScR", ["double extension"]),
        ("photo.jpg      .exe", ["double extension"]),
        ("invoice.docx.js", ["double extension"]),
        ("photo_\u202egpj.exe", ["name"]),
        ("report.pdf   ", ["name"]),
        ("report.exe.", ["name"]),
        ("letter           .scr", ["name"]),
        ("readme", []),
        (".bashrc", []),
        ("", []),
    ],
)
def test_names_that_mislead_are_told(name: str, kinds: list[str]) -> None:
    assert [each.kind for each in check(name)] == kinds


@pytest.mark.parametrize(
    ("name", "content", "verdict"),
    [
        ("a.jpg", writers.pe(Random(1)), Verdict.MISMATCH),
        ("a.pdf", b"\x7fELF\x02\x01\x01" + bytes(60), Verdict.MISMATCH),
        ("a.png", b"#!/bin/sh\necho hello to everybody\n", Verdict.MISMATCH),
        ("a.pdf", SCRIPT, Verdict.MISMATCH),
        ("a.doc", b"\xff\xfe" + "@echo off\r\n".encode("utf-16-le") * 4, Verdict.MISMATCH),
        ("a.jpg", writers.pdf(Random(1)), Verdict.MISMATCH),
        ("a.pdf", writers.docx(Random(1)), Verdict.MISMATCH),
        ("a.jpg", Random(1).randbytes(5000), Verdict.MISMATCH),
        ("a.jpg", b"\xff", Verdict.MALFORMED),
        ("a.png", writers.jpeg(Random(1)), Verdict.CLEAN),
        ("a.exe", writers.pe(Random(1)), Verdict.CLEAN),
        ("a", writers.pe(Random(1)), Verdict.CLEAN),
        ("a.docx", writers.docx(Random(1)), Verdict.CLEAN),
        ("a.bin", writers.png(Random(1)), Verdict.CLEAN),
    ],
)
def test_what_a_file_is_stands_against_what_its_name_says(
    name: str, content: bytes, verdict: Verdict, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    found = examine(tmp_path / name)
    assert found is not None
    assert found.inspection.verdict is verdict


@pytest.mark.parametrize("name", ["notes.txt", "a.html", "data.bin", "README", "x.py"])
def test_files_of_other_kinds_are_passed_over(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"just some words, and some more of them\n")
    assert examine(tmp_path / name) is None


@pytest.mark.parametrize(
    "archive", [writers.docx(Random(2)), b"7z\xbc\xaf\x27\x1c" + bytes(50), b"Rar!\x1a\x07\0" + bytes(50)]
)
def test_an_archive_that_extracts_itself_is_told_with_its_place(archive: bytes, tmp_path: Path) -> None:
    (tmp_path / "setup.exe").write_bytes(writers.pe(Random(1), b";!@Install@!UTF-8!\n" + archive))
    found = examine(tmp_path / "setup.exe")
    assert found is not None
    (finding,) = found.inspection.findings
    assert (finding.kind, finding.offset, finding.length) == ("self-extracting", 1024 + 19, len(archive))
