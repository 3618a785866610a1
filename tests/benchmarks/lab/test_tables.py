"""Tables of made results, reckoned by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.lab.design import Design, settle
from benchmarks.lab.kept import Build, added, begun, keep
from benchmarks.lab.measured import Measured, class_of
from benchmarks.lab.rankings import Entity, Ranking
from benchmarks.lab.tables import (
    anytime,
    bars,
    days,
    families,
    measured_with,
    methods,
    ordinary,
    promises,
    reach,
    stated,
    told,
    traits,
)
from lodger.lab import Intruder, Truth

BUILD = Build("0123456789", clean=True, versions={"duckdb": "2.0.0"})
AGENT = Entity("ws2", "agent.exe", 9.0, (), "agent", odds=1.0)


def _life(name: str, family: str, sleep: str, *, evasive: bool = False) -> Intruder:
    return Intruder(
        name=name,
        family=family,
        traits={"family": family, "sleep": sleep, "peers": "no"},
        evasive=evasive,
        hosts=("WS1",),
        programs=(),
        signer="Maker" if family == "duqu2011" else "",
        destinations=(),
        arrival="2024-04-03T10:00:00+00:00",
        departure=None,
    )


def _ranking(
    seed: int, method: str, lives: Mapping[str, float | None], *, head: tuple[Entity, ...] = (), alike: float = 9.0
) -> Ranking:
    looks = {life: tuple(zip((4, 11), (score - 5, score), strict=True)) for life, score in lives.items() if score}
    best = Entity("ws2", "agent.exe", alike, (), "agent", e_value=5.0 * seed)
    return Ranking(seed, method, 2000, 30, 3, dict(lives), (best,), head, days=looks, seconds=10.0)


@pytest.fixture
def measured(tmp_path: Path) -> Measured:
    """Two fleets of two thousand host-months: above the threshold of each half one false case may be, and is, for two
    are then to be expected of new ones, so that all is above it but what is not ranked at all; Lodger finds all but one
    life, the forest one of the grid.
    """
    settle(Design(hosts=2000, days=30, looks=(4, 11)), tmp_path)
    theirs = Entity("ws1", "hlp.exe", 30.0, ("old",), odds=999.0)
    for seed, slow in ((1, None), (2, 14.0)):
        lives = (
            _life("old", "duqu2011", "300"),
            _life("slow", "slow", "86400"),
            _life("sly", "sly", "60", evasive=True),
        )
        truth = Truth(seed, "2024-04-01", 30, ("WS1", "WS2"), lives, (), 0, 0)
        scores = {"old": 30.0, "slow": slow, "sly": 12.0}
        head = (theirs, AGENT) if seed == 1 else (AGENT, theirs)
        few = {"old": None, "slow": 3.0 if seed == 2 else None, "sly": None}
        rankings = [
            _ranking(seed, "lodger", scores),
            _ranking(seed, "lodger-end", scores, head=head),
            _ranking(seed, "lodger-revoked", {**scores, "old": 50.0}),
            _ranking(seed, "forest", few, alike=1.0),
        ]
        keep(added(begun(truth), rankings, BUILD), tmp_path)
    return Measured(tmp_path)


def _cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:] if "|" in line]


def test_it_is_told_what_measured_and_whether_that_was_one_state_of_the_code(
    measured: Measured, tmp_path: Path
) -> None:
    assert _cells(measured_with(measured)) == [["0123456789", "nothing else", "duckdb 2.0.0", "1, 2"]]
    assert "several states" not in measured_with(measured)
    again = replace(measured.fleets[2].rankings()["forest"], seconds=3.0)
    keep(added(measured.fleets[2], [again], replace(BUILD, clean=False)), tmp_path)
    mixed = measured_with(Measured(tmp_path))
    assert mixed.startswith("**Measured with several states of the code**")
    assert _cells(mixed.partition("\n\n")[2]) == [
        ["0123456789", "nothing else", "duckdb 2.0.0", "1; 2 in part (lodger, lodger-end, lodger-revoked)"],
        ["0123456789", "changes besides", "duckdb 2.0.0", "2 in part (forest)"],
    ]
    keep(added(measured.fleets[2], [again], replace(BUILD, commit="89abcdef01")), tmp_path)
    assert "(`git diff 0123456789 89abcdef01 -- src benchmarks/lab` says" in measured_with(Measured(tmp_path))


def test_lives_are_of_three_classes(measured: Measured) -> None:
    assert {name: class_of(one) for (seed, name), one in measured.lives.items() if seed == 1} == {
        "old": "2011",
        "slow": "grid",
        "sly": "evasive",
    }
    assert measured.months == 4000.0


def test_every_bar_says_what_was_wanted_measured_and_whether_it_holds(measured: Measured) -> None:
    unsure = ", within the interval either way"
    assert _cells(bars(measured)) == [
        # Wilson of 2 in 2: 34 to 100; of 1 in 2: 9.5 to 90.5, and of a bootstrap over two fleets 0 to 100
        ["the 2011 life and its variants found", "99%", "100 % (34 to 100)", "yes" + unsure],
        ["the grid found", "95%", "50 % (0 to 100)", "no" + unsure],
        ["evasive lives found", "60%", "100 % (34 to 100)", "yes" + unsure],
        # one in each fleet of 2,000 host-months; Garwood's interval of 2 is 0.242 to 7.225
        ["false cases in 1,000 host-months", "at most 1", "0.5 (0.1 to 1.8)", "yes" + unsure],
        ["median days to detection, 2011", "at most 7", "2.0 (0.0 at the earliest)", "yes"],
        ["the 2011 life, gone or not, found at once on revocation", "99%", "100 % (34 to 100)", "yes" + unsure],
        [
            "times the best baseline's share, the grid",
            "at least 2",
            "1.0 (1.0 to 1.0; isolation forest on the same stays and findings)",
            "no",
        ],
        [
            "fleets with no look-alike above every intruder in the first 10 cases",
            "45 in 50",
            "1 in 2 (9 to 91 %)",
            "no" + unsure,
        ],
    ]


def test_the_best_of_those_that_read_no_findings_has_a_row_of_its_own(measured: Measured, tmp_path: Path) -> None:
    for seed in (1, 2):
        none = _ranking(seed, "rita", dict.fromkeys(("old", "slow", "sly")), alike=1.0)
        keep(added(measured.fleets[seed], [none], BUILD), tmp_path)
    times = [row for row in _cells(bars(Measured(tmp_path))) if "it finds" in row[2] or "1.0 (1.0" in row[2]]
    assert [row[0] for row in times] == [
        "times the best baseline's share, the grid",
        "the same, of those that read none of Lodger's findings",
    ]
    assert times[1][1:] == [
        "none",
        "it finds none (RITA's score of a host's best contact)",
        "",
    ]


def test_a_bar_that_is_out_of_reach_says_so(measured: Measured, tmp_path: Path) -> None:
    for seed in (3, 4):
        truth = Truth(seed, "2024-04-01", 30, ("WS1",), (_life("slow", "slow", "86400"),), (), 0, 0)
        mine = [_ranking(seed, method, {"slow": 90.0}) for method in ("lodger", "forest")]
        keep(added(begun(truth), mine, BUILD), tmp_path)
    (times,) = [row for row in _cells(bars(Measured(tmp_path))) if row[0].startswith("times the best")]
    assert times[2] == "1.0 (1.0 to 1.0; isolation forest on the same stays and findings; all of them would be 1.33)"


def test_what_few_fleets_measured_is_not_the_best(measured: Measured, tmp_path: Path) -> None:
    everything = {"old": 90.0, "slow": 90.0, "sly": 90.0}
    keep(added(measured.fleets[1], [_ranking(1, "risk-host", everything)], BUILD), tmp_path)
    truth = Truth(3, "2024-04-01", 30, ("WS1",), (_life("slow", "slow", "86400"),), (), 0, 0)
    mine = [_ranking(3, method, {"slow": 14.0}, alike=alike) for method, alike in (("lodger", 9.0), ("forest", 1.0))]
    keep(added(begun(truth), mine, BUILD), tmp_path)
    (times,) = [row for row in _cells(bars(Measured(tmp_path))) if row[0].startswith("times the best")]
    assert "isolation forest" in times[2]


def test_methods_are_compared_class_by_class(measured: Measured) -> None:
    rows = {row[0]: row[1:] for row in _cells(methods(measured))}
    assert rows["isolation forest on the same stays and findings"] == [
        "0 % (0 to 66)",
        "50 % (0 to 100)",
        "0 % (0 to 66)",
        "17 % (0 to 56)",
        "0.5 (0.1 to 1.8)",
        "2",
        "10.0",
    ]
    assert rows["Lodger, looked at once, at the end"][3] == "83 % (44 to 100)"


def test_the_curves_reach_is_read_at_three_rates_and_what_is_to_be_expected_is_said(measured: Measured) -> None:
    # 4,000 host-months: 4, 20 and 80 false cases are allowed, and there are no more than 2; new fleets have one more
    assert _cells(reach(measured))[:5] == [
        ["Lodger, looked at again and again", "all", *["83 % (44 to 100)"] * 3, "1.2, 5.2, 20.2"],
        ["", "2011", *["100 % (34 to 100)"] * 3, ""],
        ["", "grid", *["50 % (0 to 100)"] * 3, ""],
        ["", "evasive", *["100 % (34 to 100)"] * 3, ""],
        ["Lodger, looked at once, at the end", "all", *["83 % (44 to 100)"] * 3, "1.2, 5.2, 20.2"],
    ]


def test_days_run_from_arrival_to_the_first_look_above_the_threshold(measured: Measured) -> None:
    assert _cells(days(measured)) == [
        ["2011", "2", "2.0", "0.0", "100%", "100%", "100%", "100%"],
        ["grid", "2", "2.0", "0.0", "50%", "50%", "50%", "50%"],
        ["evasive", "2", "2.0", "0.0", "100%", "100%", "100%", "100%"],
    ]


def test_families_and_traits_are_told_beside_the_best_baseline(measured: Measured) -> None:
    assert [row[1:4] for row in _cells(families(measured))] == [
        ["duqu2011", "2", "100 % (34 to 100)"],
        ["slow", "2", "50 % (0 to 100)"],
        ["sly", "2", "100 % (34 to 100)"],
    ]
    assert [row[:3] for row in _cells(traits(measured))] == [
        ["peers", "no", "6"],
        ["sleep", "1: 10 min at most", "4"],
        ["sleep", "4: longer", "2"],
    ]


def test_what_was_promised_of_the_first_rows_stands_beside_what_came(measured: Measured) -> None:
    # the first row: odds 999 in one fleet, even odds in the other; half of the two are false
    assert _cells(promises(measured))[0] == ["1", "0.3", "0.5 (0.0 to 1.0)"]
    assert _cells(promises(measured))[1] == ["3", "0.5", "1.0 (1.0 to 1.0)"]
    assert _cells(stated(measured)) == []


def test_who_looks_again_and_again_is_told_how_many_were_ever_above_the_line(measured: Measured) -> None:
    # three are ranked in a fleet: lines at 30, 6, 3 and 0.6; the ordinary ones have 5 and 10
    assert _cells(anytime(measured)) == [
        ["0.1", "0.00 (0.00 to 0.00)"],
        ["0.5", "0.50 (0.00 to 1.00)"],
        ["1", "1.00 (1.00 to 1.00)"],
        ["5", "1.00 (1.00 to 1.00)"],
    ]


def test_fleets_that_state_no_e_values_are_left_out_of_their_promise(measured: Measured) -> None:
    result = measured.results["lodger"]
    silent = [
        replace(each, ordinary=tuple(replace(entity, e_value=None) for entity in each.ordinary))
        for each in result.rankings
    ]
    measured.results["lodger"] = replace(result, rankings=(silent[0], result.rankings[1]))
    assert _cells(anytime(measured))[2] == ["1", "1.00 (1.00 to 1.00)"]
    assert anytime(measured).endswith("Without 1 fleets of which no e-values were stated.")
    measured.results["lodger"] = replace(result, rankings=tuple(silent))
    assert anytime(measured) == "not measured: no e-values were stated"


def test_the_ordinary_programs_that_weigh_most_are_named(measured: Measured) -> None:
    text = ordinary(measured)
    assert _cells(text)[0] == ["1", "ws2", "agent.exe", "agent", "9.0", "yes"]
    assert text.endswith("Above their fleet's threshold: 2 in 2 fleets.")


def test_without_results_of_lodger_the_tables_say_so(tmp_path: Path) -> None:
    settle(Design(hosts=10, days=30, looks=(4,)), tmp_path)
    assert "Lodger itself was not measured." in told(tmp_path)
