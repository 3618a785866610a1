"""Run every method on every seed's fleet, and keep what comes out; what is there already is not made again."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.lab.build import here, same
from benchmarks.lab.design import Design
from benchmarks.lab.fleet import Fleet
from benchmarks.lab.kept import Kept, added, all_kept, begun, keep, keep_labelled, labelled_before, path_of, read
from benchmarks.lab.methods import METHODS, RUNNERS, Runner
from benchmarks.lab.rankings import Ranking
from lodger.errors import CaseHeldError
from lodger.lab import Truth
from lodger.lake.case import sole_writer

Say = Callable[[str], None]


def measure(design: Design, seed: int, out: Path, wanted: Collection[str], say: Say) -> None:
    """Make what is missing of the ``wanted`` methods' rankings of one seed; of the costly ones' where the design has
    them measure it. A seed that another process has in hand is left to it.

    Raises ValueError where what is there is of another fleet.
    """
    if not _missing(design, seed, out, wanted):
        return
    try:
        with claimed(out, seed):
            if missing := _missing(design, seed, out, wanted):  # asked again: it may have been another's until now
                _measure(design, seed, out, missing, say)
    except CaseHeldError:
        say(f"seed {seed}: another process has it in hand")


@contextmanager
def claimed(out: Path, seed: int) -> Iterator[None]:
    """Hold one seed's results: the operating system lets go of them when a process dies, however it dies.

    Raises CaseHeldError at once where another process holds them.
    """
    folder = out / "claims" / f"seed-{seed:04}"
    folder.mkdir(parents=True, exist_ok=True)
    with sole_writer(folder):
        yield


def _missing(design: Design, seed: int, out: Path, wanted: Collection[str]) -> list[Runner]:
    path = path_of(out, seed)
    there = read(path).methods if path.exists() else {}
    return [
        runner
        for runner in RUNNERS
        if (design.costly(seed) or not runner.costly) and any(n in wanted and n not in there for n in runner.methods)
    ]


def _measure(design: Design, seed: int, out: Path, missing: list[Runner], say: Say) -> None:
    scratch = Path(tempfile.mkdtemp(prefix=f"lab-{seed}-"))
    try:
        began, worked = time.perf_counter(), _worked()
        fleet = Fleet(design, seed, scratch, labelled_before(out, seed))
        kept = _kept(fleet.truth, out)
        say(f"seed {seed}: fleet written, {_took(began, worked)}")
        for runner in missing:
            began, worked, build = time.perf_counter(), _worked(), here()
            found = runner.run(fleet)
            seconds = round(_worked() - worked, 1)
            kept = added(kept, [replace(each, seconds=seconds) for each in found], same(build, here()))
            keep(kept, out)
            for lives in (each.labelled for each in found if each.labelled):
                keep_labelled(lives, out, seed)
            say(f"seed {seed}: {', '.join(runner.methods)}, {_took(began, worked)}")
    finally:
        shutil.rmtree(scratch)


def _took(began: float, worked: float) -> str:
    return f"{time.perf_counter() - began:.0f} s, work of {_worked() - worked:.0f} s"


def _worked() -> float:
    """Seconds of all processors that this process and those that it began and saw ending have worked."""
    return sum(os.times()[:4])


def _kept(truth: Truth, out: Path) -> Kept:
    """What was kept of the seed: it is of the same fleet or of none."""
    path = path_of(out, truth.seed)
    if not path.exists():
        return begun(truth)
    kept = read(path)
    if not kept.of(truth):
        raise ValueError(f"{path} is of another fleet: the lab has changed since; delete it to measure the seed anew")
    return kept


def rankings(out: Path) -> dict[str, list[Ranking]]:
    """All rankings by method, in the methods' order, those of each by seed."""
    found = [each.rankings() for each in all_kept(out)]
    by_method = {name: [each[name] for each in found if name in each] for name in METHODS}
    return {name: each for name, each in by_method.items() if each}
