"""What goes together in ordinary software is not counted twice.

An installer comes from a browser, is signed by a rare signer and writes a service: three facets, one fact. The weights
of facets add up as if they were independent in ordinary software; where two are found together more often than that,
the product of their shares is replaced by the joint share. Of several facets the dependence tree with the most of it is
taken, as in C. Chow and C. Liu, "Approximating discrete probability distributions with dependence trees", IEEE
Transactions on Information Theory 14 (1968): each facet after the first is tied to one other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Final

import pyarrow as pa

from lodger.model.findings import Facet

#: Below this it is called chance, and the weights add as they are.
STRONG_DB: Final = 2.0

#: Fewer programs than this, or fewer that show both, measure nothing: in a small fleet an intruder and what he brought
#: along would be each other's excuse.
PROGRAMS: Final = 200
BOTH: Final = 5

#: By pair of facets, in their order: how much less the two say together, decibans, at least :data:`STRONG_DB`.
Ties = Mapping[tuple[Facet, Facet], float]


def ties(counts: Mapping[tuple[Facet, Facet], int], programs: int, baseline_programs: float) -> Ties:
    """What is to be taken off where two facets are both there.

    ``counts`` says how many families of ``programs`` show both facets of a pair, and of ``(facet, facet)`` how many
    show the one. The judged family, which shows both, is left out, as in its weights; ``baseline_programs`` programs in
    which facets are independent are added.
    """
    found: dict[tuple[Facet, Facet], float] = {}
    if programs < PROGRAMS:
        return found
    others = programs - 1
    for one, other in combinations(Facet, 2):
        single = [counts.get((each, each), 0) - 1 for each in (one, other)]
        both = counts.get((one, other), counts.get((other, one), 0)) - 1
        if both < BOTH:
            continue
        by_chance = single[0] / others * single[1] / others
        joint = (both + baseline_programs * by_chance) / (others + baseline_programs)
        tied = round(10 * math.log10(joint / by_chance), 2)
        if tied >= STRONG_DB:
            found[one, other] = tied
    return found


def tree(facets: Iterable[Facet], found: Ties) -> tuple[tuple[Facet, Facet], ...]:
    """The ties between ``facets`` that count: no facet is tied in a circle, and together they take off the most."""
    there = set(facets)
    group = {each: {each} for each in there}
    chosen = []
    for (one, other), _ in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        if one in there and other in there and group[one] is not group[other]:
            chosen.append((one, other))
            merged = group[one] | group[other]
            group.update(dict.fromkeys(merged, merged))
    return tuple(sorted(chosen))


def tied(found: Ties) -> pa.Table:
    """For every set of facets (the bits of their places in a life) what is taken off its sum, decibans, below zero."""
    rows = []
    for bits in range(1 << len(Facet)):
        facets = [facet for place, facet in enumerate(Facet) if bits >> place & 1]
        off = -sum(found[pair] for pair in tree(facets, found))
        if off:
            rows.append({"facets": bits, "tied_db": round(off, 2)})
    return pa.Table.from_pylist(rows, schema=pa.schema([("facets", pa.int64()), ("tied_db", pa.float64())]))
