"""How well the stated share of false cases holds, on the sums of fleets without intruders: three ways to state it.

    python benchmarks/promise.py CASE... [--draws 2000] [--programs 300] [--seed 1]

The cases are of fleets in which nobody intruded (``lodger lab fleet`` without an intruder, or one's own). Half of their
programs are the reference set. From the other half a fleet of ``--programs`` is drawn, with repetition, and into every
second one an intruder is planted whose sum lies anywhere between 20 and 100 decibans. Then the local false-discovery
rate is stated of each program by
  tail      the fleet's own exponential tail and an even alternative (lodger.verdict.null)
  grenander the same tail, and the density of its p-values by Grenander's estimator, as in K. Strimmer, "A unified
            approach to false discovery rate estimation", BMC Bioinformatics 9 (2008)
and programs are chosen at a false-discovery rate of 10 % by
  conformal p-values against the reference set, with Benjamini-Hochberg, as in S. Bates et al., "Testing for outliers
            with conformal p-values", Annals of Statistics 51 (2023)
  e-BH      the tail's e-values (lodger.verdict.anytime)
Printed: of those with a stated rate below one half, what was stated and what was true; and of those chosen, how many
were ordinary, and how many intruders were found.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lodger.verdict import PRIOR_DB
from lodger.verdict.anytime import e_bh
from lodger.verdict.null import Null, fit
from lodger.workspace import Workspace

Floats = npt.NDArray[np.float64]


@dataclass
class Tally:
    """What one way said: stated rates and truths of those it showed, fleets with an intruder, and those it found."""

    stated: list[float] = field(default_factory=list)
    false: list[bool] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    found: int = 0
    planted: int = 0

    def add(self, stated: Sequence[float], false: Sequence[bool], planted: bool) -> None:
        """One fleet: the stated rate and the truth of each program shown."""
        self.stated += stated
        self.false += false
        self.shares.append(sum(false) / max(1, len(false)))
        self.found += not all(false)
        self.planted += planted


def sums(case: Path) -> list[float]:
    """The sums of one case's programs, of those that came with one another the first; those without evidence weigh
    nothing.
    """
    query = """SELECT s.program, COALESCE(max(r.weight_db), 0) AS weight_db
        FROM stay AS s LEFT JOIN ranked AS r ON r.stay_id = s.stay_id
        WHERE r.came_with IS NULL GROUP BY s.program"""
    return [float(row["weight_db"]) for row in Workspace.open(case).sql(query).to_pylist()]


def grenander(p_values: Floats) -> Floats:
    """Local false-discovery rates from sorted p-values: one over the slope of their least concave majorant."""
    slopes = np.empty(len(p_values))
    heights = np.arange(len(p_values) + 1) / len(p_values)
    places = np.concatenate([[0.0], p_values])
    start = 0
    while start < len(p_values):
        rise = (heights[start + 1 :] - heights[start]) / np.maximum(places[start + 1 :] - places[start], 1e-300)
        end = start + 1 + int(np.flatnonzero(rise == rise.max())[-1])
        slopes[start:end] = rise.max()
        start = end
    return np.minimum(1, 1 / slopes)


def conformal(weights: Floats, reference: Floats, rate: float) -> int:
    """How many of the sorted ``weights`` Benjamini-Hochberg chooses by conformal p-values."""
    above = len(reference) - np.searchsorted(np.sort(reference), weights, side="left")
    p_values = (1 + above) / (len(reference) + 1)
    held = np.flatnonzero(p_values <= rate * np.arange(1, len(weights) + 1) / len(weights))
    return int(held[-1]) + 1 if len(held) else 0


def judge(weights: Floats, false: npt.NDArray[np.bool_], reference: Floats, tallies: dict[str, Tally]) -> None:
    """Put one fleet, its programs from the heaviest on, to every way."""
    aside = np.arange(len(weights)) < min(int((weights > -PRIOR_DB).sum()), len(weights) // 20)  # as ordinary.sql does
    null = fit(weights[~aside], len(weights), weights[aside])
    if null is None:
        raise ValueError("the fleet is too small")
    planted = not bool(false.all())
    rates = {"tail": [null.lfdr(each) for each in weights], "grenander": list(grenander(_p_values(null, weights)))}
    for name, stated in rates.items():
        shown = [place for place, rate in enumerate(stated) if rate < 0.5]
        tallies[name].add([stated[place] for place in shown], [bool(false[place]) for place in shown], planted)
    e_values = [null.e_value(each) for each in weights]
    line = e_bh(e_values, len(weights), 0.1)
    chosen = {"conformal": conformal(weights, reference, 0.1), "e-BH": sum(each >= line for each in e_values)}
    for name, count in chosen.items():
        tallies[name].add([0.1] * count, [bool(each) for each in false[:count]], planted)


def _p_values(null: Null, weights: Floats) -> Floats:
    ranks = np.arange(1, len(weights) + 1) / len(weights)
    tail = np.array([null.p_value(each) for each in weights])
    return np.where(weights > null.start, tail, np.maximum(ranks, null.above / null.programs))


def main() -> None:
    """Print a Markdown table, a row for each way."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--programs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    rng = np.random.default_rng(chosen.seed)
    pool = rng.permutation(np.array([weight for case in chosen.cases for weight in sums(case)]))
    reference, others = np.array_split(pool, 2)
    tallies = {name: Tally() for name in ("tail", "grenander", "conformal", "e-BH")}
    for draw in range(chosen.draws):
        planted = rng.uniform(20, 100, draw % 2)
        weights = np.concatenate([planted, rng.choice(others, chosen.programs - len(planted))])
        order = np.argsort(-weights, kind="stable")
        judge(weights[order], order >= len(planted), reference, tallies)
    print(f"{len(pool)} programs of {len(chosen.cases)} fleets; {chosen.draws} fleets of {chosen.programs} drawn\n")
    print("| way | shown | stated false | truly false | share of false, mean over fleets | intruders found |")
    print("|---|---|---|---|---|---|")
    for name, each in tallies.items():
        shown = max(1, len(each.false))
        cells = [name, len(each.false), f"{sum(each.stated) / shown:.3f}", f"{sum(each.false) / shown:.3f}"]
        print(
            "| "
            + " | ".join(map(str, [*cells, f"{np.mean(each.shares):.3f}", f"{each.found} of {each.planted}"]))
            + " |"
        )


if __name__ == "__main__":
    main()
