"""A short run of every fuzz target, the same inputs every time; ``make fuzz`` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuzz import samples
from tests.fuzz.engine import run, some
from tests.fuzz.targets import Target, targets

from lodger.telemetry.discovery import readers

NAMES = [target.name for target in targets(Path())]
INPUTS = 50


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Target]:
    """All targets by name, with the samples that the readers' tests give."""
    folder = tmp_path_factory.mktemp("samples")
    samples.record(folder)
    return {target.name: target for target in targets(folder)}


@pytest.mark.parametrize("name", NAMES)
def test_no_input_breaks_a_parser(name: str, known: dict[str, Target], tmp_path: Path) -> None:
    outcome = some(known[name], tmp_path, INPUTS, number=1)
    assert outcome.finding is None, f"{outcome.finding.trace}\ninput: {outcome.finding.content[:2000]!r}"
    assert outcome.inputs >= INPUTS


@pytest.mark.parametrize("name", [f"reader-{reader.name}" for reader in readers()])
def test_every_reader_is_fuzzed_from_records_of_its_own_tests(name: str, known: dict[str, Target]) -> None:
    assert known[name].samples, f"no test of {name} in tests/telemetry/readers reads a record"


def _breaks_on_a_bracket(content: bytes, folder: Path) -> None:
    if b"[" in content:
        raise KeyError(content)


def test_what_is_found_is_told_as_the_smallest_input(tmp_path: Path) -> None:
    target = Target("brackets", (b"a sample", b"{another: [1]}"), _breaks_on_a_bracket)
    outcome = run(target, tmp_path, seconds=20)
    assert outcome.finding is not None
    assert len(outcome.finding.content) <= 14
    assert "KeyError" in outcome.finding.trace


def test_a_run_ends_with_its_time(tmp_path: Path) -> None:
    outcome = run(Target("nothing", (b"x",), lambda *_: None), tmp_path, seconds=0.5)
    assert outcome.finding is None
    assert outcome.inputs > 10
