"""The help blocks of docs/commands.md are the program's own; `make docs` writes them anew."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lodger.cli import run
from lodger.cli.app import names
from lodger.cli.render.data import evidence_fields, ingest_fields, life_fields

if TYPE_CHECKING:
    from tests.cli.conftest import Fleet

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"
BLOCK = re.compile(r"```console\n\$ (lodger[^\n]*)\n(.*?)```", re.DOTALL)
COMMANDS = [" ".join(("lodger", *name)) for name in names()]


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert run([*shlex.split(command)[1:], "--help"]) == 0
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def _wide_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_the_help_on_the_page_is_the_programs(capsys: pytest.CaptureFixture[str]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    current = BLOCK.sub(
        lambda found: f"```console\n$ {found[1]}\n{help_of(found[1].removesuffix(' --help'), capsys)}```", page
    )
    if os.environ.get("LODGER_UPDATE_DOCS"):
        PAGE.write_text(current, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == current, "`make docs` writes the help blocks anew"


def test_every_command_is_on_the_page() -> None:
    shown = [found[1] for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]
    assert sorted(shown) == sorted(f"{command} --help" for command in ["lodger", *COMMANDS])


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example_of_its_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    example = help_of(command, capsys).partition("Example:\n")[2].strip()
    assert example.startswith(f"{command} ")


def test_every_field_of_the_json_is_on_the_page(fleet: Fleet) -> None:
    page = PAGE.read_text(encoding="utf-8")
    life = next(iter(fleet.lives.values()))
    whole = [life_fields(life), evidence_fields(life.evidence[0]), ingest_fields(fleet.summary)]
    fields = {*whole[0], *whole[1], *whole[2], *whole[2]["sources"][0], *whole[1]["records"][0]}
    assert {field for field in fields if f"`{field}`" not in page} == set()
