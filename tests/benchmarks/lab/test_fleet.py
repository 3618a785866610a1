"""Some of a fleet's records in a case of their own: the same as if only their files had been read."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.lab.design import Design
from benchmarks.lab.fleet import Fleet
from benchmarks.lab.methods.ablations import sampled
from lodger.lab import Intruder, Truth
from lodger.model.findings import Case
from lodger.workspace import Workspace


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Fleet:
    return Fleet(Design(hosts=3, days=3, looks=(2,)), 1, tmp_path_factory.mktemp("scratch"))


def _read(folder: Path, paths: list[Path]) -> list[tuple[str, str, float]]:
    workspace = Workspace.create_or_open(folder)
    workspace.ingest(paths)
    workspace.analyse()
    return _told(workspace.ranked())


def _told(cases: tuple[Case, ...]) -> list[tuple[str, str, float]]:
    return sorted((case.host, case.program, case.weight_db) for case in cases)


@pytest.mark.parametrize("network", [True, False])
def test_one_kind_of_sensor_alone_is_weighed_as_if_nothing_else_had_been_read(
    fleet: Fleet, tmp_path: Path, network: bool
) -> None:
    paths = [path for path in fleet.paths(0, 2) if (path.relative_to(fleet.root).parts[0] == "zeek") == network]
    found = _told(fleet.alone(network=network))
    assert found == _read(tmp_path / "case", paths)
    assert len(found) > 3


def test_a_day_alone_is_weighed_as_if_no_other_had_been_read(fleet: Fleet, tmp_path: Path) -> None:
    found = _told(fleet.alone(day=1))
    assert found == _read(tmp_path / "case", fleet.paths(1, 1))
    assert len(found) > 3
    assert not (fleet.scratch / "alone").exists()


def test_days_are_those_of_arrivals_and_every_fourth() -> None:
    def life(name: str, arrival: str) -> Intruder:
        return Intruder(name, "f", {}, False, (), (), "", (), arrival, None)

    lives = (life("a", "2024-04-03T23:59:00+00:00"), life("b", "2024-04-05T00:00:00+00:00"))
    assert sampled(Truth(1, "2024-04-01", 30, (), lives, (), 0, 0)) == [0, 2, 4, 8, 12, 16, 20, 24, 28]
