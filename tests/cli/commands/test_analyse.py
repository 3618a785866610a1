from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lodger.cli import run

if TYPE_CHECKING:
    from tests.cli.conftest import Fleet


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["--fail-on-cases"], 1)])
def test_it_says_what_was_looked_at(
    fleet: Fleet, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    assert run(["analyse", "--case", "logs", *arguments]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "lodger: 8 hosts, 120 programs, 900 stays, 2 pieces of evidence",
        "lodger: no DNS log: names are from TLS only",
    ]


def test_shares_of_a_file_are_weighed_with_where_asked_for(fleet: Fleet) -> None:
    assert run(["analyse", "--case", "logs", "--shares", "shares.json"]) == 0
    assert run(["hunt", "logs", "--shares", "shares.json"]) == 0
    assert run(["analyse", "--case", "logs"]) == 0
    assert fleet.shares == [Path("shares.json"), Path("shares.json"), None]
