from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from lodger.cli.options import Format
from lodger.cli.render.cases import TABLE_ROWS, print_cases
from lodger.model.findings import Case, Party, parties

if TYPE_CHECKING:
    from tests.cli.conftest import Fleet


def table(capsys: pytest.CaptureFixture[str]) -> list[str]:
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines) <= 80
    return lines


def test_a_row_tells_who_and_why_within_80_columns(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    print_cases(fleet.cases, Format.TABLE, None)
    assert table(capsys) == [
        "   #      dB           odds  host                  program",
        r"   1    61.5         14 : 1  WS-014.plant.example  …a\Roaming\update\jusched.exe",
        "     3f9a2b7c11d0  arrival, contact",
        "     -> 203.0.113.7, images.example.net",
        "     Word wrote it, it ran a minute later, and it calls 203.0.113.7 every 30",
        "     minutes.",
        "",
        "How many of these are false is not said: too few programs to measure it on.",
        "dB: weight of evidence. odds: intruder to ordinary. `lodger show STAY` tells a",
        "life.",
    ]


def test_the_line_below_those_that_are_read_says_how_many_are_false(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet.rank(9.0, 2.0, 0.5)
    cases = [replace(case, lfdr=lfdr) for case, lfdr in zip(fleet.cases, (0.02, 0.4, 0.9), strict=True)]
    print_cases(cases, Format.TABLE, None, budget=2)
    lines = table(capsys)
    line = lines.index("---- budget line: 2 cases a day. Of these 2, 0.4 are expected to be false (21%).")
    assert [number for number, told in enumerate(lines) if "(lfdr" in told and number < line] == [2, 8]
    assert "Of these 3, 1.3 are expected to be false (44%)." in lines


def test_a_table_is_short_unless_a_length_is_named(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    fleet.rank(*[0.5] * 30)
    print_cases(fleet.cases, Format.TABLE, None)
    lines = table(capsys)
    assert sum("1 : 2" in line for line in lines) == TABLE_ROWS
    assert "20 more below (--top). " in lines[-2] + lines[-1]
    print_cases(fleet.cases, Format.TABLE, 25)
    assert sum("1 : 2" in line for line in table(capsys)) == 25


def test_no_stay_is_said_and_not_an_empty_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_cases((), Format.TABLE, None)
    assert capsys.readouterr().out == "No program's stay shows any evidence.\n"


def test_no_stay_is_an_empty_array_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    print_cases((), Format.JSON, None)
    assert capsys.readouterr().out == "[]\n"


def test_hostile_fields_stay_in_their_cell(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    evil = replace(
        fleet.cases[0],
        host="\x1b[31mred",
        program="a" * 100_000 + "[/bold]\r\n2  99.9 fake",
        contacts=tuple(f"{number}.example.net" for number in range(1000)),
        story="\u202eexe.",
    )
    print_cases((evil,), Format.TABLE, None)
    lines = table(capsys)
    assert len(lines) < 12
    assert "[U+001B][31mred" in lines[1]
    assert lines[1].endswith("2  99.9 fake")
    assert "and 997 more" in " ".join(" ".join(lines).split())


def test_wide_characters_fit_as_well(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    wide = replace(fleet.cases[0], host="\u6f22\u5b57" * 30, program="\u6f22\u5b57 " * 40)
    print_cases((wide,), Format.TABLE, None)
    lines = capsys.readouterr().out.splitlines()
    assert max(cell_len(line) for line in lines) <= 80
    assert lines[2] == "     3f9a2b7c11d0  arrival, contact"


def test_csv_has_a_row_per_stay(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    print_cases(fleet.cases, Format.CSV, None)
    assert list(csv.DictReader(io.StringIO(capsys.readouterr().out))) == [
        {
            "rank": "1",
            "weight_db": "61.5",
            "odds": "14.125",
            "lfdr": "",
            "host": "WS-014.plant.example",
            "program": r"C:\Users\lin\AppData\Roaming\update\jusched.exe",
            "facets": "arrival; contact",
            "contacts": "203.0.113.7; images.example.net",
            "arrival": "2011-09-01T08:14:05Z",
            "departure": "",
            "first_seen": "2011-09-01T08:14:05Z",
            "last_seen": "2011-10-07T03:00:00.250000Z",
            "story": "Word wrote it, it ran a minute later, and it calls 203.0.113.7 every 30 minutes.",
            "stay_id": "3f9a2b7c11d0",
            "e_value": "",
            "chosen": "",
            "came_with": "",
        }
    ]


def party(fleet: Fleet, kin: int) -> tuple[Case, ...]:
    """A case of so many beside its head, then one that is alone."""
    fleet.rank(*[9.0] * (kin + 1), 0.5)
    head = fleet.cases[0].stay_id
    names = ["C:\\Windows\\Temp\\lum\x1bmon.sys", "/opt/helper", "C:\\a\\setup.exe", "D:\\last.exe", "x"]
    return (
        fleet.cases[0],
        *(replace(case, came_with=head, program=name) for case, name in zip(fleet.cases[1:-1], names, strict=False)),
        fleet.cases[-1],
    )


@pytest.mark.parametrize(
    ("kin", "told"),
    [
        (1, ["     with lum[U+001B]mon.sys (61.5 dB, 000000000002)"]),
        (
            5,
            [
                "     with lum[U+001B]mon.sys (61.5 dB, 000000000002), helper (61.5 dB,",
                "     000000000003), setup.exe (61.5 dB, 000000000004) and 2 more",
            ],
        ),
    ],
)
def test_those_that_came_together_are_one_row(
    fleet: Fleet, capsys: pytest.CaptureFixture[str], kin: int, told: list[str]
) -> None:
    print_cases(party(fleet, kin), Format.TABLE, None)
    lines = table(capsys)
    assert [line.split()[0] for line in lines if "jusched.exe" in line] == ["1", str(kin + 2)]
    assert lines[3 : 3 + len(told)] == told


def test_who_came_to_another_host_is_told_with_it(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    head, kin, other = party(fleet, 1)
    print_cases((head, replace(kin, host="ws2"), other), Format.TABLE, None)
    assert table(capsys)[3] == "     with lum[U+001B]mon.sys on ws2 (61.5 dB, 000000000002)"


def test_a_table_counts_cases_and_not_stays(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [replace(case, lfdr=0.25) for case in party(fleet, 3)]
    print_cases(cases, Format.TABLE, None, budget=1)
    lines = table(capsys)
    assert "---- budget line: 1 case a day. Of these 1, 0.2 are expected to be false (25%)." in lines
    assert "Of these 2, 0.5 are expected to be false (25%)." in lines
    print_cases(cases, Format.TABLE, 1)
    lines = table(capsys)
    assert "Of these 1, 0.2 are expected to be false (25%)." in lines
    assert any(line.startswith("1 more below (--top).") for line in lines)


def test_programs_get_a_row_for_each_stay_and_whom_it_came_with(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    print_cases(party(fleet, 2), Format.JSON, 2)
    rows = json.loads(capsys.readouterr().out)
    assert [(row["stay_id"], row["came_with"]) for row in rows] == [
        ("000000000001", None),
        ("000000000002", "000000000001"),
    ]


def test_who_came_with_a_kin_is_of_its_case_and_whose_head_is_not_listed_has_its_own(fleet: Fleet) -> None:
    fleet.rank(9.0, 8.0, 7.0, 6.0)
    first, second, third, fourth = fleet.cases
    third = replace(third, came_with=first.stay_id)
    fourth = replace(fourth, came_with=third.stay_id)
    assert parties([first, second, third, fourth]) == (Party(first, (third, fourth)), Party(second))
    assert parties([second, third, fourth]) == (Party(second), Party(third, (fourth,)))


def test_where_any_of_a_party_talks_to_is_told_in_its_row(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    head, kin, other = party(fleet, 1)
    driver, talks = replace(head, contacts=()), replace(kin, contacts=("c2.example", "b.example"))
    assert parties([driver, talks, other])[0].contacts == ("c2.example", "b.example")
    assert parties([replace(head, contacts=("b.example",)), talks])[0].contacts == ("b.example", "c2.example")
    print_cases((driver, talks, other), Format.TABLE, None)
    assert table(capsys)[4] == "     -> c2.example, b.example"
