from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lodger.cli import run

if TYPE_CHECKING:
    from tests.cli.conftest import Fleet


def test_it_writes_the_page_where_it_is_told_to(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--case", "logs", "-o", "page.html"]) == 0
    assert "jusched.exe" in Path("page.html").read_text(encoding="utf-8")
    assert capsys.readouterr().err.splitlines()[-1] == "lodger: report: page.html"


@pytest.mark.parametrize(
    ("others", "told"), [(3, ["1", "2", "3", "4", "5", "6"]), (49, ["1", *map(str, range(4, 53))])]
)
def test_who_heads_a_case_gets_a_section_and_who_came_with_it_where_there_is_room(
    fleet: Fleet, others: int, told: list[str]
) -> None:
    fleet.rank(*[0.5] * (others + 3))
    head, one, other, *rest = fleet.cases
    fleet.cases = (head, *(replace(each, came_with=head.stay_id) for each in (one, other)), *rest)
    assert run(["report", "--case", "logs", "-o", "page.html"]) == 0
    page = Path("page.html").read_text(encoding="utf-8")
    assert re.findall(r'<span class="place">(\d+)</span>', page) == told
    assert page.count('<td class="rank"') == others + 1


def test_a_page_that_cannot_be_written_is_one_line(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--case", "logs", "-o", "none/page.html"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("lodger: cannot write the report to none/page.html: ")
