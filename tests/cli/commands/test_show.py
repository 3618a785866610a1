from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lodger.cli import run

if TYPE_CHECKING:
    from tests.cli.conftest import Fleet


def test_a_beginning_of_the_id_names_the_stay(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "3f9", "--case", "logs", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["stay_id"] == "3f9a2b7c11d0"


def test_an_id_that_no_stay_has_is_wrong_use(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "zz", "--case", "logs"]) == 2
    assert capsys.readouterr().err == "lodger: no stay zz. `lodger cases` lists the ids\n"
