"""The command line of the benchmark."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from benchmarks.lab import page, tables
from benchmarks.lab.design import Design, designed, settle
from benchmarks.lab.methods import COSTLY, METHODS
from benchmarks.lab.running import measure

#: What was measured, and is kept.
RESULTS: Final = Path(__file__).parent / "results"


def main() -> None:
    """Run, or tell what was measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lab", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser(
        "run", help="measure; what is in --out is not measured again, and several processes may share the work"
    )
    run.add_argument("--seeds", type=int, default=2, help="the last seed")
    run.add_argument("--first", type=int, default=1, help="the first seed")
    run.add_argument("--hosts", type=int, default=20)
    run.add_argument("--days", type=int, default=20)
    run.add_argument("--looks", type=int, default=4, help="days on which Lodger analyses, the last one included")
    run.add_argument("--methods", default=",".join(METHODS), help="some of them, by name, with commas between")
    run.add_argument(
        "--costly-every",
        type=int,
        default=5,
        metavar="N",
        help=f"one seed in N for the costly methods ({', '.join(COSTLY)}); 1: every seed",
    )
    for name, told in (("table", "print what was measured"), ("page", "write docs/benchmark.md and its charts")):
        commands.add_parser(name, help=told)
    for each in commands.choices.values():
        each.add_argument("--out", type=Path, default=RESULTS, help="where the results lie; else with the program")
    commands.choices["page"].add_argument("--docs", type=Path, default=Path("docs"))
    chosen = parser.parse_args()
    if chosen.command == "run":
        design = designed(chosen.hosts, chosen.days, chosen.looks, max(1, chosen.costly_every))
        _run(chosen.out, design, range(chosen.first, chosen.seeds + 1), chosen.methods.split(","))
    elif chosen.command == "table":
        print(tables.told(chosen.out))
    else:
        page.write(chosen.out, chosen.docs)


def _run(out: Path, design: Design, seeds: Iterable[int], methods: list[str]) -> None:
    if unknown := set(methods) - set(METHODS):
        sys.exit(f"no such method: {', '.join(sorted(unknown))}; there are {', '.join(METHODS)}")
    try:
        settle(design, out)
        for seed in seeds:
            measure(design, seed, out, methods, lambda line: print(line, flush=True))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
