"""What is measured: how many fleets of what size, which lives in each, and on which days Lodger looks."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import msgspec

from lodger.lab import Scenario
from lodger.lab.lives import duqu_variants, evasive, grid

#: Lives in a fleet of a hundred hosts; smaller ones have one for every five hosts, but two at least.
LIVES: Final = 8
#: Of these lives so many are of the 2011 kind, and so many know Lodger; the others are of the grid.
OF_2011: Final = 2
EVASIVE: Final = 2


@dataclass(frozen=True)
class Design:
    """One measurement: it is kept beside its results, which another one's cannot be mixed with."""

    hosts: int
    days: int
    looks: tuple[int, ...]  # days of the fleet at whose end Lodger analyses; the last is the last of all
    costly_every: int = 1  # one seed in so many is measured by the costly methods, too

    def costly(self, seed: int) -> bool:
        """Whether the costly methods measure this seed's fleet: the first does, and every so many after it."""
        return (seed - 1) % self.costly_every == 0

    def lives(self, seed: int) -> tuple[Scenario, ...]:
        """The lives of one seed's fleet. Over the seeds every scenario has its turn, in an order drawn once."""
        many = min(LIVES, max(2, self.hosts // 5))
        of_2011, knowing = max(1, many * OF_2011 // LIVES), many * EVASIVE // LIVES
        wanted = ((duqu_variants(), of_2011), (evasive(), knowing), (grid(), many - of_2011 - knowing))
        return tuple(each for scenarios, count in wanted for each in _turn(scenarios, seed, count))


def _turn(scenarios: Sequence[Scenario], seed: int, count: int) -> list[Scenario]:
    """``count`` of the scenarios, those after the ones that seeds before this had."""
    order = _in_turn(scenarios)
    first = (seed - 1) * count
    return [order[(first + number) % len(order)] for number in range(min(count, len(order)))]


def _in_turn(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """The scenarios in an order drawn once, in which a family comes again when all others have come."""
    shuffled = sorted(scenarios, key=lambda each: each.name)
    random.Random("turn").shuffle(shuffled)
    seen = Counter[str]()
    placed: list[tuple[int, int, Scenario]] = []
    for each in shuffled:
        placed.append((seen[each.family], len(placed), each))
        seen[each.family] += 1
    return [each for _, _, each in sorted(placed, key=lambda one: one[:2])]


def designed(hosts: int, days: int, looks: int, costly_every: int = 1) -> Design:
    """A design whose ``looks`` days are spread evenly over the fleet's life."""
    last = days - 1
    spread = {round(last * (number + 1) / looks) for number in range(looks)}
    return Design(hosts, days, tuple(sorted(spread)), costly_every)


def settle(design: Design, out: Path) -> None:
    """Keep the design in ``out``. Raises ValueError where results of another one lie there; more seeds, or fewer, for
    the costly methods make no other one.
    """
    path = out / "design.json"
    measured = path.exists() and any(out.glob("seed-*.json"))
    if measured and replace(settled(out), costly_every=design.costly_every) != design:
        raise ValueError(
            f"{out} has results of another design: delete them, or name another folder or the same --hosts, --days, "
            "--looks"
        )
    out.mkdir(parents=True, exist_ok=True)
    draft = out / f"design.json.{os.getpid()}.part"  # another process may be settling the same
    draft.write_bytes(msgspec.json.encode(design) + b"\n")
    draft.replace(path)


def settled(out: Path) -> Design:
    """The design of the results in ``out``."""
    return msgspec.json.decode((out / "design.json").read_bytes(), type=Design)
