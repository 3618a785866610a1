"""What those show who came with a stay counts for it, once; and what several intruders share is no fleet's habit."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from tests.verdict.test_verdict import Fleet, detector, weighed

from lodger.model.findings import Facet

DETECTORS = [
    detector("calls", Facet.CONTACT, 0.8, 0.02),
    detector("drops", Facet.ARRIVAL, 0.5, 0.02),
    detector("signs", Facet.TRUST, 0.4, 0.02),
]


def _plain(many: int = 100) -> list[str]:
    return [f"plain{number}" for number in range(many)]


def _fleet(**changes: Any) -> Fleet:
    whole = Fleet(
        DETECTORS,
        programs={"ws1": ["setup", "stays", "driver", *_plain()]},
        kinds={"ws1": ["launches"]},
        found=[("ws1", "setup", "drops"), ("ws1", "stays", "calls"), ("ws1", "driver", "signs")],
        kin=[("ws1", "setup", "stays"), ("ws1", "setup", "driver"), ("ws1", "stays", "driver")],
    )
    return replace(whole, **changes)


def test_each_of_a_party_has_what_all_show_with_whose_it_is() -> None:
    evidence, cases = weighed(_fleet())
    assert {row["stay_id"]: row["facets"] for row in cases} == {
        f"ws1/{name}": ["arrival", "trust", "contact"] for name in ("setup", "stays", "driver")
    }
    assert len({row["weight_db"] for row in cases}) == 1
    told = {row["detector"]: (row["kin"], row["sentence"]) for row in evidence if row["stay_id"] == "ws1/stays"}
    assert told == {
        "calls": (None, "calls of stays"),
        "drops": ("ws1/setup", "setup: drops of setup"),
        "signs": ("ws1/driver", "driver: signs of driver"),
    }


def test_what_a_stay_shows_itself_is_not_told_again_of_its_kin() -> None:
    evidence, _ = weighed(_fleet(found=[("ws1", "stays", "calls"), ("ws1", "setup", "calls")]))
    shown = [(row["stay_id"], row["kin"]) for row in evidence]
    assert sorted(shown) == [("ws1/driver", "ws1/setup"), ("ws1/setup", None), ("ws1/stays", None)]


def test_those_who_came_together_are_one_observation() -> None:
    """The party and a hundred others: (0.02 * 50 + 0) / (50 + 100), but no less than 1 / (100 + 2). With another that
    shows it, (0.02 * 50 + 1) / (50 + 100); for that one the party is one other.
    """
    evidence, _ = weighed(_fleet(found=[("ws1", "stays", "calls")]))
    assert [row["p_ordinary"] for row in evidence] == [pytest.approx(1 / 102)] * 3
    evidence, _ = weighed(_fleet(found=[("ws1", "stays", "calls"), ("ws1", "plain7", "calls")]))
    assert [row["p_ordinary"] for row in evidence] == [pytest.approx(2 / 150)] * 4


def _habits(together: int, facet: Facet = Facet.ARRIVAL, programs: int = 300) -> Fleet:
    """Of twenty programs that drop and twenty that unpack, so many do both; `bad` does, too."""
    detectors = [detector("drops", Facet.ARRIVAL, 0.9, 0.1), detector("unpacks", facet, 0.5, 0.1)]
    names = _plain(programs)
    found = [("ws1", name, "drops") for name in ("bad", *names[:20])]
    found += [("ws1", name, "unpacks") for name in ("bad", *names[20 - together : 40 - together])]
    return Fleet(detectors, {"ws1": ["bad", *names]}, {"ws1": ["launches"]}, found)


@pytest.mark.parametrize(("together", "counted"), [(0, 8.45), (1, 7.15), (5, 3.38), (20, 0.0)])
def test_what_goes_together_inside_a_facet_says_one_thing_and_what_does_not_says_two(
    together: int, counted: float
) -> None:
    """`unpacks`: (0.1 * 50 + 20) / (50 + 300) = 0.0714, 8.45 dB. Beside `drops`, with ten programs of which half of the
    weight would be left: (together + 10 sqrt(0.5 * 0.0714)) / (20 + 10); at 0: 0.063, 9.0 dB, so it would be whole.
    """
    evidence, _ = weighed(_habits(together))
    (row,) = (row for row in evidence if row["stay_id"] == "ws1/bad" and row["detector"] == "unpacks")
    assert row["weight_db"] == 8.45
    share = (together + 10 * (0.5 * row["p_ordinary"]) ** 0.5) / 30
    assert row["counted_db"] == pytest.approx(min(max(10 * math.log10(0.5 / share), 0), 8.45), abs=0.01)
    assert row["counted_db"] == pytest.approx(counted, abs=0.02)


@pytest.mark.parametrize(("together", "counted"), [(0, 8.45), (1, 8.45), (5, 6.11), (20, 1.72)])
def test_facets_are_facts_of_their_own_as_far_as_ordinary_software_does_not_show_both(
    together: int, counted: float
) -> None:
    """Beside `drops`, with fifty programs in which the two are independent: (together + 50 * 0.0714) / (20 + 50)."""
    evidence, cases = weighed(_habits(together, Facet.CONTACT))
    (row,) = (row for row in evidence if row["stay_id"] == "ws1/bad" and row["detector"] == "unpacks")
    share = (together + 50 * row["p_ordinary"]) / 70
    said = max(10 * math.log10(share / row["p_ordinary"]), 0)
    assert row["counted_db"] == pytest.approx(row["weight_db"] - said, abs=0.01) == pytest.approx(counted, abs=0.02)
    (case,) = (case for case in cases if case["stay_id"] == "ws1/bad")
    assert case["weight_db"] == pytest.approx(sum(e["counted_db"] for e in evidence if e["stay_id"] == "ws1/bad"))


def test_in_a_small_fleet_facets_are_facts_of_their_own() -> None:
    evidence, _ = weighed(_habits(20, Facet.CONTACT, programs=190))
    assert all(row["counted_db"] == row["weight_db"] for row in evidence)


def test_what_speaks_against_an_implant_counts_whole_beside_what_speaks_for_one() -> None:
    """All plain programs unpack: that takes off from `bad`, which drops, what it would take off by itself."""
    everybody = [("ws1", name, "unpacks") for name in ("bad", *_plain(300))]
    evidence, _ = weighed(replace(_habits(0), found=[("ws1", "bad", "drops"), *everybody]))
    told = {row["detector"]: row for row in evidence if row["stay_id"] == "ws1/bad"}
    assert told["unpacks"]["counted_db"] == told["unpacks"]["weight_db"] < 0 < told["drops"]["counted_db"]


def test_that_kin_show_what_everybody_shows_takes_nothing_off() -> None:
    everybody = [("ws1", program, "drops") for program in ("setup", "driver", *_plain())]
    evidence, _ = weighed(_fleet(found=[*everybody, ("ws1", "stays", "calls")]))
    of_setup = {(row["detector"], row["kin"]): row["weight_db"] for row in evidence if row["stay_id"] == "ws1/setup"}
    assert of_setup["drops", None] < 0
    assert [name for name, kin in of_setup if kin] == ["calls"]
    assert [row["detector"] for row in evidence if row["stay_id"] == "ws1/stays"] == ["calls"]


def test_of_a_party_with_equal_sums_the_one_heads_the_case_that_shows_most_itself() -> None:
    """setup was seen first, and stays next; what calls weighs more than what drops, and that more than what signs."""
    _, cases = weighed(_fleet())
    assert [(row["rank"], row["stay_id"], row["came_with"]) for row in cases] == [
        (1, "ws1/stays", None),
        (2, "ws1/setup", "ws1/stays"),
        (3, "ws1/driver", "ws1/stays"),
    ]


def test_two_parties_and_one_alone_are_three_cases() -> None:
    found = [
        ("ws1", "setup", "drops"),
        ("ws1", "stays", "calls"),
        ("ws1", "plain1", "signs"),
        ("ws1", "plain3", "signs"),
    ]
    kin = [("ws1", "setup", "stays"), ("ws1", "plain1", "plain2")]
    _, cases = weighed(_fleet(found=found, kin=kin))
    assert [(row["stay_id"], row["came_with"]) for row in cases] == [
        ("ws1/stays", None),
        ("ws1/setup", "ws1/stays"),
        ("ws1/plain1", None),
        ("ws1/plain3", None),
        ("ws1/plain2", "ws1/plain1"),
    ]


def test_a_heavier_one_heads_the_case_whoever_shows_most_itself() -> None:
    """What all ordinary software shows takes off from the one that shows it, and from nobody who came with it."""
    everybody = [("ws1", program, "drops") for program in ("stays", *_plain())]
    _, cases = weighed(_fleet(found=[*everybody, ("ws1", "stays", "calls")]))
    party = [row for row in cases if "plain" not in row["stay_id"]]
    assert [(row["stay_id"], row["came_with"]) for row in party] == [
        ("ws1/setup", None),
        ("ws1/driver", "ws1/setup"),
        ("ws1/stays", "ws1/setup"),
    ]
    assert party[0]["weight_db"] > party[2]["weight_db"]


def test_a_party_is_one_observation_to_the_fleets_own_null() -> None:
    with patch("lodger.verdict.fit", return_value=None) as fit:
        _, cases = weighed(_fleet())
    ((sums, programs, aside),) = (call.args for call in fit.call_args_list)
    # a hundred plain ones, and the head, which is rather an intruder than not
    assert (sums, programs, aside) == ([], 101, [cases[0]["weight_db"]])


STRONG = [detector(f"d{number}", facet, 0.9, 0.001) for number, facet in enumerate(list(Facet)[:4])]


def _intruders(many: int) -> Fleet:
    """So many intruders, each showing all there is, among two hundred ordinary programs; one shows one thing."""
    names = [f"bad{number}" for number in range(many)]
    found = [("ws1", name, each.id) for name in names for each in STRONG]
    programs = {"ws1": [*names, *_plain(200)]}
    return Fleet(STRONG, programs, {"ws1": ["launches"]}, [*found, ("ws1", "plain7", "d0")])


@pytest.mark.parametrize("many", [1, 2, 8])
def test_however_many_intruders_there_are_each_weighs_nearly_as_much_as_one_alone(many: int) -> None:
    """By hand, d0: of 200 ordinary programs one shows it, and intruders are not counted: (0.001 * 50 + 1) / (50 + 200)
    = 0.0042; the others 0.05 / 250, but no less than 1 / 202.
    """
    evidence, cases = weighed(_intruders(many))
    of_first = {row["detector"]: row["p_ordinary"] for row in evidence if row["stay_id"] == "ws1/bad0"}
    assert of_first == {
        "d0": pytest.approx(max(1.05 / 250, 1 / 202)),
        "d1": pytest.approx(1 / 202),
        "d2": pytest.approx(1 / 202),
        "d3": pytest.approx(1 / 202),
    }
    assert [row["program"][3:6] for row in cases[:many]] == ["bad"] * many
    (ordinary,) = (row for row in evidence if row["stay_id"] == "ws1/plain7")
    assert ordinary["p_ordinary"] == pytest.approx(1 / 201)


def test_a_fleet_whose_own_ways_are_odd_is_still_its_own_measure() -> None:
    """Sixty of 260 programs show it all: at most one in twenty may be set aside, so that the others speak for them."""
    evidence, cases = weighed(_intruders(60))
    assert max(row["weight_db"] for row in cases) < 40
    assert min(row["p_ordinary"] for row in evidence) > 0.1
