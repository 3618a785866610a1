"""What a method's scores become when they are judged by the truth."""

from __future__ import annotations

import pytest

from benchmarks.lab.measured import misled, promise, reliability
from benchmarks.lab.rankings import Bin, Entity, Scored, ranking
from lodger.lab import Intruder, LookAlike, Truth
from lodger.lab.truth import Residence

AGENT = r"C:\Program Files\Agent\agent.exe"
IMPLANT = r"C:\Windows\hlp.exe"
MAIL = r"C:\Office\OUTLOOK.EXE"
TRUTH = Truth(
    seed=3,
    start="2024-04-01",
    days=30,
    hosts=("WS1", "WS2"),
    intruders=(
        Intruder(
            name="one",
            family="f",
            traits={},
            evasive=False,
            hosts=("WS1",),
            programs=(Residence("WS1", IMPLANT), Residence("WS1", r"C:\Windows\drv.sys")),
            signer="",
            destinations=("pictures.example", "192.0.2.9"),
            arrival="2024-04-03T10:00:00+00:00",
            departure=None,
            touched=(Residence("WS1", MAIL),),
        ),
    ),
    look_alikes=(LookAlike("WS2", AGENT, "hourly", "agent"),),
    events=0,
    zeek_rows=0,
)


def test_a_life_has_the_best_score_of_all_its_programs_and_a_touched_program_is_neither() -> None:
    scored = [
        Scored("ws1.corp.example", IMPLANT.upper(), 5.0),
        Scored("ws1", r"c:\windows\drv.sys", 8.0),
        Scored("ws1", MAIL, 7.0),
        Scored("ws2", MAIL, 6.0),
        Scored("ws2.corp.example", AGENT, 9.0),
        Scored("ws2", IMPLANT, 1.0),
    ]
    told = ranking(TRUTH, "made", scored)
    assert told.lives == {"one": 8.0}
    assert [(each.program, each.score, each.kind) for each in told.ordinary] == [
        (AGENT, 9.0, "agent"),
        (MAIL, 6.0, ""),
        (IMPLANT, 1.0, ""),  # that path on another host is not the intruder's
    ]
    assert [each.score for each in told.head] == [9.0, 8.0, 6.0, 5.0, 1.0]
    assert (told.entities, told.months) == (5, 2.0)


def test_what_came_with_another_is_no_case_of_its_own_and_an_intruders_is_found_in_anybodys_row() -> None:
    scored = [
        Scored("ws2", AGENT, 9.0),
        Scored("ws2", r"C:\Users\ann\Downloads\agent_setup.exe", 9.0, came_with=("ws2", AGENT)),
        Scored("ws1", IMPLANT, 8.0, came_with=("ws2", MAIL)),
    ]
    told = ranking(TRUTH, "made", scored)
    assert [each.program for each in told.ordinary] == [AGENT]
    assert told.lives == {"one": 8.0}
    assert told.entities == 2


def test_programs_that_came_together_are_one_case_and_a_life_keeps_the_best_score_of_any() -> None:
    setup, helper = ("ws2", r"C:\Temp\setup.exe"), ("ws2", r"C:\Temp\helper.exe")
    scored = [
        Scored(*setup, 9.0, came_with=helper),  # in another look the other one was the head: a ring
        Scored(*helper, 8.0, came_with=setup),
        Scored("ws2.corp.example", AGENT, 7.0, came_with=setup),
        Scored("ws1", r"C:\Temp\tool.exe", 6.0),
        Scored("ws1", IMPLANT, 5.0, came_with=("ws1", r"C:\Temp\tool.exe")),
        Scored("ws1", MAIL, 6.5, came_with=("ws1", IMPLANT)),
        Scored("ws2", MAIL, 4.0),
    ]
    for given in (scored, scored[::-1]):
        told = ranking(TRUTH, "made", given)
        assert told.lives == {"one": 5.0}
        assert told.entities == 3
        assert [(each.program, each.score, each.kind, each.lives) for each in told.head] == [
            (setup[1], 9.0, "agent", ()),
            # the mail program above it is one that the intruder worked through
            (r"C:\Temp\tool.exe", 6.0, "", ("one",)),
            (MAIL, 4.0, "", ()),
        ]
        assert [each.score for each in told.ordinary] == [9.0, 4.0]


def test_of_a_method_that_scores_hosts_the_intruders_host_is_the_life() -> None:
    told = ranking(TRUTH, "made", [Scored("ws1", "", 1.0), Scored("ws2", "", 2.0)])
    assert told.lives == {"one": 1.0}
    assert [each.host for each in told.ordinary] == ["ws2"]


def test_a_program_that_only_the_network_saw_is_known_by_its_destinations() -> None:
    name = "network: Firefox/3.6"
    there = Scored("ws1", name, 4.0, contacts=("192.0.2.9",))
    elsewhere = Scored("ws1", name, 3.0, contacts=("news.example",))
    told = ranking(TRUTH, "made", [there, elsewhere])
    assert told.lives == {"one": 4.0}
    assert [each.score for each in told.ordinary] == [3.0]


def test_a_life_of_which_nothing_was_scored_has_no_score() -> None:
    assert ranking(TRUTH, "made", []).lives == {"one": None}


def test_stated_odds_are_compared_with_what_came_of_them() -> None:
    # odds 3 are 4.8 dB, in the bin from 0 on; odds 0.01 are -20 dB
    scored = [Scored("ws1", IMPLANT, 9.0, odds=3.0), Scored("ws2", AGENT, 8.0, odds=3.0)]
    scored += [Scored("ws2", f"p{number}", 1.0, odds=0.01) for number in range(10)]
    told = ranking(TRUTH, "made", scored)
    assert told.bins == (Bin(-20, 10, 0, told.bins[0].stated), Bin(0, 2, 1, 1.5))
    assert told.bins[0].stated == pytest.approx(10 * 0.01 / 1.01)
    low, high = reliability([told, told])
    assert (low.stated, low.entities, low.intruders) == pytest.approx((0.01 / 1.01, 20, 0))
    assert (high.stated, high.entities, high.intruders) == (0.75, 4, 2)
    assert (low.low, low.high) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert (high.low, high.high) == pytest.approx((0.1500, 0.8500), abs=1e-4)


def test_the_first_rows_promise_is_the_sum_of_their_false_discovery_rates() -> None:
    theirs = Entity("ws1", IMPLANT, 9.0, ("one",), lfdr=0.1)
    wrong = Entity("ws2", AGENT, 8.0, lfdr=0.4)
    by_odds = Entity("ws2", MAIL, 7.0, odds=1.0)
    told = ranking(TRUTH, "made", [])
    fleets = [type(told)(each, "made", 2, 30, 3, {}, (), (theirs, wrong, by_odds)) for each in range(4)]
    two, three = promise(fleets, 2), promise(fleets, 3)
    assert (two.stated, two.false, two.low, two.high) == pytest.approx((0.5, 1.0, 1.0, 1.0))
    assert (three.stated, three.false) == pytest.approx((1.0, 2.0))


def test_a_look_alike_misleads_only_where_no_intruder_stands_above_it() -> None:
    theirs, alike, other = Entity("a", "p", 3.0, ("one",)), Entity("b", "q", 2.0, kind="agent"), Entity("c", "r", 1.0)
    assert misled([theirs, alike]) is None
    assert misled([other, alike, theirs]) == alike
    assert misled([other] * 10 + [alike]) is None
