from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from lodger.cli.options import Format
from lodger.cli.render.life import print_life
from lodger.model.findings import RecordRef
from lodger.model.trust import TrustLine

if TYPE_CHECKING:
    from tests.cli.conftest import Fleet


@pytest.fixture
def story(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> list[str]:
    print_life(next(iter(fleet.lives.values())), Format.TABLE)
    return capsys.readouterr().out.splitlines()


def test_what_was_learned_of_its_signature_is_told_by_day(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (
        TrustLine(datetime(2011, 9, 1, 8), "signed by A\x1b Ltd, valid", learned=False),
        TrustLine(datetime(2011, 10, 14), "learned: signer revoked", learned=True),
    )
    print_life(replace(next(iter(fleet.lives.values())), trust=lines), Format.TABLE)
    story = capsys.readouterr().out.splitlines()
    begin = story.index("ITS SIGNATURE, AND WHAT WAS LEARNED OF IT")
    assert story[begin + 1 : begin + 4] == [
        "  2011-09-01  signed by A[U+001B] Ltd, valid",
        "  2011-10-14  learned: signer revoked",
        "",
    ]


def test_one_that_came_with_another_says_so(fleet: Fleet, story: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    life = next(iter(fleet.lives.values()))
    print_life(replace(life, case=replace(life.case, came_with="5d3e")), Format.TABLE)
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line not in story] == [
        "came with 5d3e, which ranks above it: they are one case",
    ]


def test_it_fits_80_columns(story: list[str]) -> None:
    assert max(len(line) for line in story) <= 80


def test_findings_are_dated_lines_under_their_facet_with_the_records_behind_them(story: list[str]) -> None:
    begin = story.index("ARRIVAL")
    assert story[begin : begin + 9] == [
        "ARRIVAL",
        "  2011-09-01 08:13:07 – 08:14:05  +36.02 dB  T1566.001",  # noqa: RUF001
        "    WINWORD.EXE wrote the file 58 s before it first ran",
        "    logs.zip!host/sysmon.json records 120, 131",
        "",
        "CONTACT",
        "  2011-09-01 09:00:00 – 2011-10-07 03:00:00  +25.48 dB  T1071.001",  # noqa: RUF001
        "    1,730 connections to 203.0.113.7, 30 min apart",
        "    zeek/conn.log record 9",
    ]
    assert story[begin + 9] == "    and 1,729 more"


def test_many_records_are_named_in_order_as_far_as_a_person_reads(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    life = next(iter(fleet.lives.values()))
    refs = tuple(RecordRef(file, record) for record in (30, 4, 200) for file in ("b.log", "c.log", "a.log", "d.log"))
    many = replace(life.evidence[0], records=refs, total_records=12)
    print_life(replace(life, evidence=(many,)), Format.TABLE)
    lines = capsys.readouterr().out.splitlines()
    begin = lines.index("    a.log records 4, 30, 200")
    assert lines[begin + 1 : begin + 4] == [
        "    b.log records 4, 30, 200",
        "    c.log records 4, 30",
        "    and 4 more (--format json names more)",
    ]


def test_what_the_sensors_could_not_show_is_said(story: list[str]) -> None:
    assert story[story.index("NOT VISIBLE TO THE SENSORS AT HAND") + 1] == "  no DNS log"


def test_the_sum_can_be_redone_on_paper(story: list[str]) -> None:
    lines = story[story.index("THE SUM, in decibans") + 1 :]
    numbers = [float(match[1]) for line in lines if (match := re.match(r" *([+-][0-9.]+)  ", line))]
    assert numbers == [-50.0, 36.02, 25.48, 11.5]
    assert round(sum(numbers[:-1]), 2) == numbers[-1]
    told = " ".join(" ".join(lines).split())
    assert "arrival_by_document: P 0.40 / 0.0001" in told
    assert "regular_contact: P 0.60 / 0.001 (+27.78 by itself; in part said already)" in told
    assert "odds 14 : 1" in told


def test_csv_has_a_row_per_finding(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    print_life(next(iter(fleet.lives.values())), Format.CSV)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["facet"], row["detector"], row["counted_db"], row["records"]) for row in rows] == [
        ("arrival", "arrival_by_document", "36.02", "logs.zip!host/sysmon.json records 120, 131"),
        ("contact", "regular_contact", "25.48", "zeek/conn.log record 9"),
    ]
