"""What goes together in ordinary software: by hand, only where it was measured, and never in a circle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lodger.model.findings import Facet
from lodger.verdict.ties import BOTH, PROGRAMS, STRONG_DB, tied, ties, tree

A, T, R, C = Facet.ARRIVAL, Facet.TRUST, Facet.RESIDENCE, Facet.CONTACT


def test_the_numbers_are_those_on_paper() -> None:
    """Of 401 programs 41 arrive oddly, 21 are oddly signed, 11 are both. Without the judged one: 40, 20 and 10 of 400.

    By chance 0.1 * 0.05 = 0.005; joint (10 + 50 * 0.005) / 450 = 0.02278: 10 log10(4.556) = 6.59 dB.
    """
    assert ties({(A, A): 41, (T, T): 21, (A, T): 11}, 401, 50) == {(A, T): 6.59}
    assert ties({(A, A): 41, (T, T): 21, (T, A): 11}, 401, 50) == {(A, T): 6.59}


@pytest.mark.parametrize(
    ("counts", "programs"),
    [
        ({(A, A): 41, (T, T): 21, (A, T): 11}, PROGRAMS - 1),
        ({(A, A): 10, (T, T): 10, (A, T): BOTH}, 400),
        ({(A, A): 201, (T, T): 201, (A, T): 101}, 401),
        ({}, 400),
    ],
    ids=["a small fleet", "few that show both", "no more than chance", "no evidence"],
)
def test_nothing_is_taken_off_for_what_was_not_measured(counts: dict[tuple[Facet, Facet], int], programs: int) -> None:
    assert ties(counts, programs, 50) == {}


def test_of_three_facets_that_hang_together_the_two_strongest_ties_count() -> None:
    found = {(A, T): 6.0, (T, R): 4.0, (A, R): 3.0, (R, C): 2.5}
    assert tree([A, T, R], found) == ((A, T), (T, R))
    assert tree([A, R], found) == ((A, R),)
    taken = {row["facets"]: row["tied_db"] for row in tied(found).to_pylist()}
    assert taken[0b0111] == -10.0
    assert taken[0b0011] == -6.0
    assert 0b1001 not in taken


pairs = st.dictionaries(
    st.sampled_from([(one, other) for one in Facet for other in Facet if one < other]), st.floats(STRONG_DB, 20)
)


@given(pairs, st.sets(st.sampled_from(list(Facet))))
def test_a_tree_has_fewer_ties_than_facets_and_only_between_those_there(
    found: dict[tuple[Facet, Facet], float], facets: set[Facet]
) -> None:
    chosen = tree(facets, found)
    assert len(chosen) <= max(0, len(facets) - 1)
    assert all({one, other} <= facets for one, other in chosen)
    assert chosen == tree(sorted(facets, reverse=True), dict(reversed(found.items())))
