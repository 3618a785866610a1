from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lodger import cli
from lodger.errors import LodgerError

if TYPE_CHECKING:
    from tests.cli.conftest import Fleet


def test_version(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "version", {"lodger": "1.2.3"}.__getitem__)
    assert cli.run(["--version"]) == 0
    assert capsys.readouterr().out == "lodger 1.2.3\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["hunt"], "lodger: Missing argument 'PATH'; `lodger --help` says what is possible\n"),
        (["nonsense"], "lodger: No such command 'nonsense'; `lodger --help` says what is possible\n"),
        (["cases", "--nonsense"], "lodger: No such option: --nonsense; `lodger --help` says what is possible\n"),
        (["show", "\x1b[2J", "--case", "none"], "lodger: no case at none. `lodger ingest` makes one\n"),
        (["cases", "--top", "0"], "lodger: Invalid value for '--top': Input should be"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(
    fleet: Fleet, capsys: pytest.CaptureFixture[str], arguments: list[str], line: str
) -> None:
    assert cli.run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(line)
    assert err.count("\n") == 1


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run([]) == 2
    assert capsys.readouterr().out.startswith("Usage: lodger ")


def test_an_error_shows_where_it_came_from_only_with_debug(
    fleet: Fleet, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    fleet.error = LodgerError("the lake is dry", advice="Wait for rain")
    assert cli.run(["analyse", "--case", "logs"]) == 2
    assert capsys.readouterr().err == "lodger: the lake is dry. Wait for rain\n"
    assert cli.run(["--debug", "analyse", "--case", "logs"]) == 2
    trace, line = capsys.readouterr().err.rstrip("\n").rsplit("\n", 1)
    assert trace.startswith("Traceback (most recent call last):\n")
    assert line == "lodger: the lake is dry. Wait for rain"


def test_an_error_of_the_system_is_one_line(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    fleet.error = OSError(28, "No space left on device")
    assert cli.run(["analyse", "--case", "logs"]) == 2
    assert capsys.readouterr().err == "lodger: [Errno 28] No space left on device\n"


def test_an_interrupt_ends_cleanly(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    fleet.interrupted = True
    assert cli.run(["analyse", "--case", "logs"]) == 130
    assert capsys.readouterr().err.startswith("lodger: interrupted; ")


def test_a_fault_of_lodger_is_not_mistaken_for_a_find() -> None:
    code = "from lodger import cli\ncli.run = lambda arguments: 1 // 0\ncli.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "ZeroDivisionError" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("lodger: that is a fault in Lodger")
