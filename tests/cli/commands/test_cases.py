from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from lodger.cli import run

if TYPE_CHECKING:
    from tests.cli.conftest import Fleet


@pytest.mark.parametrize(("arguments", "ranks"), [([], [1, 2, 3]), (["--top", "2"], [1, 2])])
def test_programs_get_all_stays_or_the_first_ones(
    fleet: Fleet, capsys: pytest.CaptureFixture[str], arguments: list[str], ranks: list[int]
) -> None:
    fleet.rank(3.0, 2.0, 1.0)
    assert run(["cases", "--case", "logs", "--format", "json", *arguments]) == 0
    assert [case["rank"] for case in json.loads(capsys.readouterr().out)] == ranks
    assert run(["cases", "--case", "logs", "--format", "csv", *arguments]) == 0
    assert [int(row["rank"]) for row in csv.DictReader(io.StringIO(capsys.readouterr().out))] == ranks


def test_it_can_fail_a_pipeline(fleet: Fleet) -> None:
    assert run(["cases", "--case", "logs", "--fail-on-cases"]) == 1


def test_an_earlier_day_is_asked_for_at_its_end(fleet: Fleet) -> None:
    for command in (["cases"], ["show", "3f9a"], ["hunt", "logs"]):
        assert run([*command, "--case", "logs", "--as-of", "2011-10-13"]) == 0
    assert fleet.asked_as_of == [datetime(2011, 10, 13, 23, 59, 59, 999999)] * 3
    assert run(["cases", "--case", "logs"]) == 0
    assert fleet.asked_as_of[-1] is None
