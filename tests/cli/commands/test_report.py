from __future__ import annotations

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


def test_a_page_that_cannot_be_written_is_one_line(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--case", "logs", "-o", "none/page.html"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("lodger: cannot write the report to none/page.html: ")
