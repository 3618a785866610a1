"""Run every method on every seed's fleet, and keep what comes out; what is there already is not made again."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from benchmarks.lab.design import Design
from benchmarks.lab.fleet import Fleet
from benchmarks.lab.methods import METHODS, RUNNERS
from benchmarks.lab.rankings import Ranking, keep, read
from lodger.lab import Truth, read_truth
from lodger.lab.calibrate import Labelled
from lodger.lab.truth import write_truth


def folder_of(out: Path, seed: int) -> Path:
    """Where the results of one seed lie."""
    return out / f"seed-{seed:04}"


def measure(design: Design, seed: int, out: Path, wanted: Collection[str], say: Callable[[str], None]) -> None:
    """Make what is missing of the ``wanted`` methods' rankings of one seed; of the costly ones' where the design has
    them measure it.

    Raises ValueError where what is there is of another fleet.
    """
    folder = folder_of(out, seed)
    missing = [
        runner
        for runner in RUNNERS
        if design.costly(seed) or not runner.costly
        if any(n in wanted and not (folder / f"{n}.json").exists() for n in runner.methods)
    ]
    if not missing:
        return
    folder.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f"lab-{seed}-"))
    try:
        began = time.perf_counter()
        fleet = Fleet(design, seed, scratch, _known(out, seed))
        _settle(fleet.truth, folder / "truth.json")
        say(f"seed {seed}: fleet written, {time.perf_counter() - began:.0f} s")
        for runner in missing:
            began, worked = time.perf_counter(), _worked()
            rankings = runner.run(fleet)
            worked = _worked() - worked
            for ranking in rankings:
                keep(replace(ranking, seconds=round(worked, 1)), folder / f"{ranking.method}.json")
            say(
                f"seed {seed}: {', '.join(runner.methods)}, {time.perf_counter() - began:.0f} s, work of {worked:.0f} s"
            )
    finally:
        shutil.rmtree(scratch)


def _worked() -> float:
    """Seconds of all processors that this process and those that it began and saw ending have worked."""
    return sum(os.times()[:4])


def _known(out: Path, seed: int) -> list[Labelled]:
    """The labelled lives of the seeds before this one, as far as they were measured."""
    earlier = (folder_of(out, each) / "lodger-calibrated.json" for each in range(1, seed))
    return [life for path in earlier if path.exists() for life in read(path).labelled]


def _settle(truth: Truth, path: Path) -> None:
    """Keep the truth beside the seed's rankings, which are of the same fleet or of none."""
    if path.exists() and read_truth(path) != truth:
        raise ValueError(f"{path} is of another fleet: the lab has changed since, and {path.parent} must be made anew")
    write_truth(truth, path)


def truths(out: Path) -> dict[int, Truth]:
    """The truth of every seed that has been begun."""
    found = (read_truth(path) for path in sorted(out.glob("seed-*/truth.json")))
    return {truth.seed: truth for truth in found}


def rankings(out: Path) -> dict[str, list[Ranking]]:
    """All rankings by method, in the methods' order, those of each by seed."""
    found = {name: [read(path) for path in sorted(out.glob(f"seed-*/{name}.json"))] for name in METHODS}
    return {name: each for name, each in found.items() if each}
