"""A small measurement from fleet to page."""

from __future__ import annotations

import multiprocessing
import multiprocessing.queues
import time
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.lab import page, tables
from benchmarks.lab.design import Design, designed, settle, settled
from benchmarks.lab.kept import Kept, keep, path_of, read
from benchmarks.lab.methods import COSTLY, METHODS
from benchmarks.lab.running import claimed, measure, rankings
from lodger.lab.lives import duqu_variants, evasive, grid

#: All but those that need the Sigma project's rules, and the slowest.
HERE = [name for name in METHODS if not name.startswith(("sigma", "risk", "no-memory"))]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    design = Design(hosts=3, days=3, looks=(1, 2))
    folder = tmp_path_factory.mktemp("out")
    settle(design, folder)
    measure(design, 1, folder, HERE, lambda _: None)
    return folder


def _forget(out: Path, method: str) -> None:
    kept: Kept = read(path_of(out, 1))
    keep(replace(kept, methods={name: told for name, told in kept.methods.items() if name != method}), out)


def test_every_method_ranks_the_same_lives(out: Path) -> None:
    found = rankings(out)
    assert sorted(found) == sorted(HERE)
    lives = {name: set(each[0].lives) for name, each in found.items()}
    assert set(map(frozenset, lives.values())) == {frozenset(lives["lodger"])}
    assert len(lives["lodger"]) >= 1
    assert [each[0].method for each in found.values()] == list(found)


def test_a_program_weighs_as_much_as_at_its_best_look(out: Path) -> None:
    found = {name: each[0] for name, each in rankings(out).items()}
    for life, days in found["lodger"].days.items():
        assert {day for day, _ in days} <= {1, 2}
        assert found["lodger"].lives[life] == max((score for _, score in days), default=None)
        last = found["lodger-end"].lives[life]
        assert last == dict(days).get(2)


def test_what_is_there_is_not_measured_again(out: Path) -> None:
    said: list[str] = []
    measure(Design(hosts=3, days=3, looks=(1, 2)), 1, out, HERE, said.append)
    assert said == []
    _forget(out, "rita")
    measure(Design(hosts=3, days=3, looks=(1, 2)), 1, out, HERE, said.append)
    assert [line.partition(",")[0] for line in said] == ["seed 1: fleet written", "seed 1: rita"]


def test_costly_methods_measure_one_seed_in_so_many(tmp_path: Path) -> None:
    said: list[str] = []
    design = Design(hosts=1, days=1, looks=(0,), costly_every=3)
    assert [seed for seed in range(1, 8) if design.costly(seed)] == [1, 4, 7]
    measure(design, 2, tmp_path, COSTLY, said.append)
    assert said == []
    assert list(tmp_path.iterdir()) == []
    assert {"sigma-host", "hosts-alone", "no-memory"} <= set(COSTLY)
    assert not {"lodger", "lodger-calibrated", "rita", "forest", "no-absence"} & set(COSTLY)


def test_another_share_of_seeds_for_costly_methods_is_the_same_measurement(tmp_path: Path) -> None:
    settle(designed(3, 5, 2, 5), tmp_path)
    settle(designed(3, 5, 2, 1), tmp_path)
    assert settled(tmp_path) == designed(3, 5, 2, 1)


def test_every_day_alone_is_a_method_that_ranks_the_same_lives(out: Path) -> None:
    measure(Design(hosts=3, days=3, looks=(1, 2)), 1, out, ["no-memory"], lambda _: None)
    found = rankings(out)
    assert set(found["no-memory"][0].lives) == set(found["lodger"][0].lives)
    assert found["no-memory"][0].entities > 0
    days = str(found["no-memory"][0].notes["days"]).split(", ")
    assert days[0] == "1"
    assert len(days) == found["no-memory"][0].length  # what was not analysed was not watched
    _forget(out, "no-memory")  # others count the methods of this folder


def test_results_of_two_fleets_are_not_mixed(out: Path, tmp_path: Path) -> None:
    other = replace(read(path_of(out, 1)), fleet="0" * 16, methods={})
    keep(other, tmp_path)
    with pytest.raises(ValueError, match="of another fleet"):
        measure(Design(hosts=3, days=3, looks=(1, 2)), 1, tmp_path, ["rita"], lambda _: None)
    assert read(path_of(tmp_path, 1)) == other


def _hold(out: Path, claims: multiprocessing.queues.Queue[str]) -> None:
    with claimed(out, 1):
        claims.put("held")
        time.sleep(600)


def test_a_seed_is_left_to_the_process_that_has_it_in_hand_until_that_one_dies(tmp_path: Path) -> None:
    said: list[str] = []
    design = Design(hosts=2, days=1, looks=(0,))
    spawn = multiprocessing.get_context("spawn")
    claims = spawn.Queue()
    other = spawn.Process(target=_hold, args=(tmp_path, claims))
    other.start()
    try:
        assert claims.get(timeout=60) == "held"
        measure(design, 1, tmp_path, ["rita"], said.append)
        assert said == ["seed 1: another process has it in hand"]
        assert not path_of(tmp_path, 1).exists()
    finally:
        other.kill()
        other.join()
    measure(design, 1, tmp_path, ["rita"], said.append)
    assert list(read(path_of(tmp_path, 1)).methods) == ["rita"]


def test_results_of_two_designs_are_not_mixed(out: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="results of another design"):
        settle(designed(3, 5, 2), out)
    settle(designed(3, 5, 3), tmp_path)
    settle(designed(3, 5, 2), tmp_path)  # nothing was measured by the other one
    assert settled(tmp_path) == designed(3, 5, 2)


def test_the_page_has_tables_and_curves(out: Path, tmp_path: Path) -> None:
    page.write(out, tmp_path)
    text = (tmp_path / "benchmark.md").read_text(encoding="utf-8")
    assert "--seeds 1 --hosts 3 --days 3 --looks 2 --costly-every 1" in text
    assert text.count("\n## ") >= 9
    for name in ("detection", "days", "reliability"):
        assert f"images/benchmark-{name}.svg" in text
        assert (tmp_path / "images" / f"benchmark-{name}.svg").read_text(encoding="utf-8").startswith("<svg")
    assert tables.told(out) in text


def test_over_the_seeds_every_scenario_has_its_turn_and_a_fleet_has_different_families() -> None:
    design = designed(100, 60, 6)
    assert design.looks == (10, 20, 30, 39, 49, 59)
    fleets = [design.lives(seed) for seed in range(1, 51)]
    assert {len(fleet) for fleet in fleets} == {8}
    assert {each.name for fleet in fleets for each in fleet} == {
        each.name for scenarios in (duqu_variants(), evasive(), grid()) for each in scenarios
    }
    for fleet in fleets:
        of_grid = [each.family for each in fleet if each in grid()]
        assert len(set(of_grid)) == len(of_grid)
