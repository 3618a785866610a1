"""What is kept of a seed, and what of it is told again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.lab.kept import (
    Build,
    Life,
    added,
    all_kept,
    begun,
    digest,
    keep,
    keep_labelled,
    labelled_before,
    path_of,
    read,
)
from benchmarks.lab.rankings import Bin, Entity, Ranking
from lodger.lab import Intruder, Truth
from lodger.lab.calibrate import Labelled
from lodger.lab.truth import Residence

TRUTH = Truth(
    seed=3,
    start="2024-04-01",
    days=30,
    hosts=("WS1", "WS2"),
    intruders=(
        Intruder(
            name="one",
            family="f",
            traits={"family": "f", "days": "30"},
            evasive=False,
            hosts=("WS1",),
            programs=(Residence("WS1", r"C:\Windows\hlp.exe"),),
            signer="Maker",
            destinations=(),
            arrival="2024-04-03T00:10:00+00:00",
            departure=None,
        ),
    ),
    look_alikes=(),
    events=5,
    zeek_rows=0,
)
BUILD = Build("0123456789", clean=True, versions={"duckdb": "2.0.0"})
ORDINARY = tuple(
    Entity("ws2", f"p{number}", 9.0 - number, (), "agent", odds=0.5, e_value=2.0 - number / 4) for number in range(5)
)
HEAD = (Entity("ws1", "hlp.exe", 12.345678901, ("one",), odds=3.0, lfdr=0.25), ORDINARY[0])


def _ranking(method: str) -> Ranking:
    return Ranking(
        seed=3,
        method=method,
        hosts=2,
        length=30,
        entities=6,
        lives={"one": 12.345678901, "other": None},
        ordinary=ORDINARY,
        head=HEAD,
        bins=(Bin(-5, 6, 1, 1.5),),
        days={"one": ((9, 1.5), (29, 12.345678901))},
        notes={"rules": 7},
        labelled=(Labelled("one", "f", {"regular_contact": 1.0}),),
        seconds=7.5,
    )


def _short(method: str) -> Ranking:
    lives = {"one": 12.3457, "other": None}
    return replace(_ranking(method), lives=lives, days={"one": ((9, 1.5), (29, 12.3457))}, labelled=())


def test_what_the_tables_need_is_read_again_and_the_rest_is_left_out(tmp_path: Path) -> None:
    keep(added(begun(TRUTH), [_ranking("lodger"), _ranking("lodger-end")], BUILD), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["seed-0003.json"]
    (kept,) = all_kept(tmp_path)
    assert kept.lives == (Life("one", "f", 2, False, True, {"family": "f", "days": "30"}),)
    assert kept.built("lodger") == kept.built("lodger-end") == BUILD
    found = kept.rankings()
    assert found["lodger"] == replace(
        _short("lodger"),
        ordinary=tuple(Entity("", "", each.score, e_value=each.e_value) for each in ORDINARY),
        head=(),
        bins=(),
    )
    assert found["lodger-end"] == replace(
        _short("lodger-end"),
        ordinary=(*ORDINARY[:3], *(Entity("", "", each.score) for each in ORDINARY[3:])),
        head=(replace(HEAD[0], score=12.3457), HEAD[1]),
    )


def test_a_fleet_without_lives_in_which_nothing_was_ranked_is_read_again(tmp_path: Path) -> None:
    nothing = Ranking(3, "lodger-end", 2, 30, 0, {}, (), ())
    kept = added(begun(replace(TRUTH, intruders=())), [nothing], BUILD)
    keep(kept, tmp_path)
    assert all_kept(tmp_path) == [kept]
    assert kept.rankings() == {"lodger-end": nothing}


def test_a_method_measured_again_takes_the_place_of_what_was_there_and_says_by_what(tmp_path: Path) -> None:
    kept = added(begun(TRUTH), [_ranking("rita"), _ranking("forest")], BUILD)
    later = replace(BUILD, commit="abcdef0123", clean=False)
    again = added(kept, [replace(_ranking("rita"), entities=1)], later)
    keep(again, tmp_path)
    found = read(path_of(tmp_path, 3))
    assert found == again
    assert (found.built("forest"), found.built("rita")) == (BUILD, later)
    assert found.rankings()["rita"].entities == 1


def test_a_seeds_file_has_a_line_for_each_thing(tmp_path: Path) -> None:
    keep(added(begun(TRUTH), [_ranking("lodger-end"), _ranking("rita")], BUILD), tmp_path)
    text = path_of(tmp_path, 3).read_text(encoding="utf-8")
    lines = [line.strip().rstrip(",") for line in text.splitlines()]
    assert json.loads(text)["methods"]["rita"]["ordinary"] == [9.0, 8.0, 7.0, 6.0, 5.0]
    assert lines.count('"ordinary": [9.0,8.0,7.0,6.0,5.0]') == 2
    assert '{"commit":"0123456789","clean":true,"versions":{"duckdb":"2.0.0"}}' in lines
    assert '{"host":"ws1","program":"hlp.exe","score":12.3457,"lives":["one"],"odds":3.0,"lfdr":0.25}' in lines
    assert max(map(len, lines)) < 300


def test_another_fleet_of_the_same_seed_is_known() -> None:
    assert begun(TRUTH).of(TRUTH)
    assert not begun(TRUTH).of(replace(TRUTH, events=6))
    assert len(digest(TRUTH)) == 16


@pytest.mark.parametrize("text", ["", "[]", '{"seed": 1}', '{"seed": "1", "fleet": "", "lives": []}'])
def test_another_file_is_named(tmp_path: Path, text: str) -> None:
    path_of(tmp_path, 1).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"seed-0001\.json is not what a seed's measurement found"):
        all_kept(tmp_path)


def test_a_seed_learns_from_the_lives_of_those_before_it(tmp_path: Path) -> None:
    lives = [Labelled(name, "f", {"regular_contact": 1.0}) for name in ("a", "b", "c")]
    for seed, life in zip((1, 2, 5), lives, strict=True):
        keep_labelled([life], tmp_path, seed)
    assert labelled_before(tmp_path, 1) == []
    assert labelled_before(tmp_path, 5) == lives[:2]
