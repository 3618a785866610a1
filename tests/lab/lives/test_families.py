"""The scenarios that are told: their names, traits and families, and how they are drawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields
from typing import Any

import pytest

from lodger.errors import InputError
from lodger.lab.lives import Scenario, draw, duqu_variants, evasive, grid, named, of_families, scenarios
from lodger.lab.lives.scenario import Arrival, Blind, Channel, Leaves, Persistence, Place, Signed


def test_every_scenario_has_a_name_of_its_own_and_is_found_by_it() -> None:
    assert len({one.name for one in scenarios()}) == len(scenarios()) >= 100
    assert all(named(one.name) == one for one in scenarios())
    with pytest.raises(InputError, match="no scenario 'x'"):
        named("x")


def test_the_2011_life_has_its_variants() -> None:
    assert {(one.days, one.servers, one.hosts, one.peers) for one in duqu_variants()} == {
        (days, servers, hosts, hosts > 1) for days in (30, 36) for servers in (1, 2) for hosts in (1, 3)
    }
    assert (duqu_variants()[0].days, duqu_variants()[0].hosts) == (36, 1)


@pytest.mark.parametrize(
    ("trait", "values"),
    [
        ("signed", set(Signed) - {Signed.MASS}),
        ("arrival", set(Arrival)),
        ("persistence", set(Persistence)),
        ("channel", set(Channel)),
        ("leaves", set(Leaves)),
        ("blind", set(Blind)),
        ("office", {True, False}),
    ],
)
def test_the_grid_shows_every_value_of_every_trait(trait: str, values: set[Any]) -> None:
    assert {getattr(one, trait) for one in grid()} == values


def test_the_grid_reaches_from_a_minute_to_a_day_and_from_three_days_to_three_hundred() -> None:
    ends = {trait: [getattr(one, trait) for one in grid()] for trait in ("sleep", "days", "jitter", "servers")}
    assert {trait: (min(found), max(found)) for trait, found in ends.items()} == {
        "sleep": (60.0, 24 * 3600.0),
        "days": (3, 300),
        "jitter": (0.0, 0.9),
        "servers": (1, 40),
    }


def test_families_of_the_grid_have_equally_many_lives_and_all_of_them_their_trait() -> None:
    assert set(Counter(one.family for one in grid()).values()) == {5}
    assert {one.arrival for one in of_families(["usb"])} == {Arrival.USB}
    assert {one.persistence for one in of_families(["sideload"])} == {Persistence.SIDELOAD}
    assert all(one.sleep >= 16 * 3600 for one in of_families(["slow"]))


def test_nobody_loads_a_driver_that_windows_would_refuse() -> None:
    drivers = {one.signed for one in scenarios() if one.persistence is Persistence.DRIVER}
    assert not drivers & {Signed.NONE, Signed.OWN}


def test_evasive_lives_know_what_lodger_looks_at() -> None:
    whole = named("evasive-all")
    assert (whole.signed, whole.place, whole.hosts, whole.common, whole.quiet) == (
        Signed.MASS,
        Place.CLOUD,
        5,
        True,
        True,
    )
    assert all(one.evasive and one.family == "evasive" for one in evasive())
    assert not any(one.evasive for one in (*grid(), *duqu_variants()))


def test_traits_are_text_under_the_names_of_the_fields() -> None:
    traits = named("duqu2011-36d-1s").traits()
    assert list(traits) == [field.name for field in fields(Scenario) if field.name != "name"]
    assert (traits["days"], traits["arrival"], traits["peers"]) == ("36", "document", "false")


def test_a_draw_takes_families_in_turn_and_no_life_twice_before_all() -> None:
    families = ["usb", "sideload", "evasive"]
    drawn = draw(1, 15, families)
    assert Counter(one.family for one in drawn) == dict.fromkeys(families, 5)
    assert len({one.name for one in drawn}) == 15
    assert draw(1, 15, families) == drawn != draw(2, 15, families)
    assert draw(1, 4, families) == drawn[:4]
    assert len({one.family for one in draw(1, 26)}) == 26
    assert draw(1, 0) == ()
    assert len(draw(1, 12, ["usb"])) == 12
    with pytest.raises(InputError, match="no family 'moles'"):
        draw(1, 1, ["moles"])
