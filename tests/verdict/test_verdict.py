"""Weights of evidence: the numbers are those on paper and of a plain program; ranks do not depend on chance."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lodger import verdict
from lodger.engine.duckdb import DuckDB
from lodger.evidence import FINDING
from lodger.evidence.detector import Detector, Loaded
from lodger.model.findings import Facet
from lodger.model.ingest import Silent
from lodger.model.tables import COUNT, TEXT, TIME

START = datetime(2021, 3, 1)
STAY = pa.schema(
    [(name, TEXT) for name in ("stay_id", "host", "program", "name", "kind", "path", "arrival_how")]
    + [(name, TIME) for name in ("arrival", "departure", "first_seen", "last_seen")]
)
KIN = pa.schema([("stay_id", TEXT), ("kin", TEXT)])
COVERAGE = pa.schema([("host", TEXT), ("kind", TEXT)])
CONTACT = pa.schema([("stay_id", TEXT), ("host", TEXT), ("destination", TEXT), ("contacts", COUNT)])


def detector(
    name: str, facet: Facet, p_implant: float, p_ordinary: float, needs: Sequence[str] = ("launches",)
) -> Loaded:
    declared = Detector(
        facet=facet,
        technique="T1000",
        title=name,
        question="?",
        p_implant=p_implant,
        because="it is a test",
        p_ordinary=p_ordinary,
        needs=frozenset(needs),
        sentence=name,
    )
    return Loaded(name, declared, "")


@dataclass(frozen=True)
class Fleet:
    """Programs by host, what the hosts' sensors tell, and which detector found something on which stay."""

    detectors: Sequence[Loaded]
    programs: Mapping[str, Sequence[str]]
    kinds: Mapping[str, Sequence[str]]
    found: Sequence[tuple[str, str, str]]  # host, program, detector
    contacts: Sequence[tuple[str, str, str, int]] = ()  # host, program, destination, how often
    how: Mapping[str, str] | None = None  # program -> arrival_how
    kin: Sequence[tuple[str, str, str]] = ()  # host, and two programs that came together


def stay(host: str, program: str) -> str:
    return f"{host}/{program}"


def weighed(fleet: Fleet) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Evidence and cases as the verdict makes them; stays are first seen an hour apart, in their order in the fleet."""
    stays = [(host, program) for host, programs in fleet.programs.items() for program in programs]
    rows: dict[str, tuple[pa.Schema, list[dict[str, Any]]]] = {
        "stay": (STAY, [_stay(fleet, number, *each) for number, each in enumerate(stays)]),
        "coverage": (COVERAGE, [{"host": host, "kind": kind} for host, kinds in fleet.kinds.items() for kind in kinds]),
        "finding": (FINDING, [_finding(*each) for each in fleet.found]),
        "kin": (
            KIN,
            [
                {"stay_id": stay(host, one), "kin": stay(host, other)}
                for host, *pair in fleet.kin
                for one, other in (pair, pair[::-1])
            ],
        ),
        "contact_pair": (
            CONTACT,
            [
                {"stay_id": stay(host, program), "host": host, "destination": destination, "contacts": count}
                for host, program, destination, count in fleet.contacts
            ],
        ),
    }
    with tempfile.TemporaryDirectory() as spool:
        engine = DuckDB(Path(spool))
        for name, (schema, data) in rows.items():
            engine.load(name, pa.Table.from_pylist(data, schema=schema))
        with patch("lodger.verdict.all_detectors", lambda: tuple(fleet.detectors)):
            verdict.weigh(engine, Silent())
        evidence = engine.query("SELECT * FROM weighed ORDER BY stay_id, facet_order, weight_db DESC, detector")
        cases = engine.query("SELECT * FROM ranked ORDER BY rank")
        engine.close()
    assert cases.schema.equals(verdict.CASES)
    return evidence.to_pylist(), cases.to_pylist()


def _stay(fleet: Fleet, number: int, host: str, program: str) -> dict[str, Any]:
    first = START + timedelta(hours=number)
    kind = "network" if program.startswith("network: ") else "process"
    how = (fleet.how or {}).get(program)
    told = {"stay_id": stay(host, program), "host": host, "program": program, "name": program, "kind": kind}
    seen = {"first_seen": first, "last_seen": first + timedelta(hours=1)}
    return {**told, **seen, "path": "C:\\" + program, "arrival_how": how}


def _finding(host: str, program: str, name: str) -> dict[str, Any]:
    told = {"stay_id": stay(host, program), "detector": name, "sentence": f"{name} of {program}"}
    return {**told, "first": START, "last": START, "refs": ["log:1"], "records": 1}


# By hand


def test_the_numbers_of_a_small_fleet_are_those_on_paper() -> None:
    """Three detectors, four programs on one host; by hand, in hundredths of a deciban.

    `drops` (0.6 against 0.02) is shown by `bad` and `tool`: (0.02 * 50 + 1) / (50 + 3) = 0.0377, but no less than
    1 / (3 + 2) = 0.2, so 10 log10(0.6 / 0.2) = 4.77.
    `hides` (0.3 against 0.001), the same facet, is shown by `bad` alone: (0.05 + 0) / 53 = 0.0009, floor 0.2:
    10 log10(0.3 / 0.2) = 1.76. Of it counts what it says beside `drops`: one other program shows that, and not `hides`;
    with ten of which half would be left, (0 + 10 sqrt(0.3 * 0.2)) / (1 + 10) = 0.2227: 10 log10(0.3 / 0.2227) = 1.29.
    `calls` (0.9 against 0.5) is shown by `bad`: (25 + 0) / 53 = 0.4717: 10 log10(0.9 / 0.4717) = 2.81.
    `bad`: 4.77 + 1.29 + 2.81 = 8.87; odds 1e-4 * 10 ^ 0.887 = 7.709e-4. `tool`: 4.77; odds 2.999e-4.
    """
    evidence, cases = weighed(
        Fleet(
            detectors=[
                detector("calls", Facet.CONTACT, 0.9, 0.5),
                detector("drops", Facet.ARRIVAL, 0.6, 0.02),
                detector("hides", Facet.ARRIVAL, 0.3, 0.001),
            ],
            programs={"ws1": ["bad", "tool", "word", "web"]},
            kinds={"ws1": ["launches"]},
            found=[("ws1", "bad", "calls"), ("ws1", "bad", "drops"), ("ws1", "bad", "hides"), ("ws1", "tool", "drops")],
            contacts=[("ws1", "bad", "a.example", 3), ("ws1", "bad", "b.example", 9), ("ws1", "tool", "b.example", 1)],
            how={"bad": "first seen", "tool": "first seen"},
        )
    )
    shown = ["stay_id", "detector", "p_implant", "p_ordinary", "weight_db", "counted_db"]
    assert [[row[name] for name in shown] for row in evidence] == [
        ["ws1/bad", "drops", 0.6, 0.2, 4.77, 4.77],
        ["ws1/bad", "hides", 0.3, 0.2, 1.76, 1.29],
        ["ws1/bad", "calls", 0.9, pytest.approx(0.4717, abs=1e-4), 2.81, 2.81],
        ["ws1/tool", "drops", 0.6, 0.2, 4.77, 4.77],
    ]
    common: dict[str, Any] = {
        "came_with": None,
        "host": "ws1",
        "arrival": None,
        "departure": None,
        "lfdr": None,
        "e_value": None,
        "chosen": None,
        "terms": [],
        "terms_db": [],
    }
    assert cases == [
        {
            **common,
            "rank": 1,
            "stay_id": "ws1/bad",
            "program": "C:\\bad",
            "contacts": ["b.example", "a.example"],
            "first_seen": START,
            "last_seen": START + timedelta(hours=1),
            "weight_db": 8.87,
            "odds": pytest.approx(7.709e-4, abs=1e-7),
            "facets": ["arrival", "contact"],
            "story": "drops of bad; calls of bad",
        },
        {
            **common,
            "rank": 2,
            "stay_id": "ws1/tool",
            "program": "C:\\tool",
            "contacts": ["b.example"],
            "first_seen": START + timedelta(hours=1),
            "last_seen": START + timedelta(hours=2),
            "weight_db": 4.77,
            "odds": pytest.approx(2.999e-4, abs=1e-7),
            "facets": ["arrival"],
            "story": "drops of tool",
        },
    ]


# By a plain program


def able(fleet: Fleet, each: Loaded, host: str, program: str) -> bool:
    """Whether the detector could have shown the program on that host."""
    needs = each.detector.needs
    network = needs <= {"connections", "traffic", "handshakes", "lookups"}
    return needs <= set(fleet.kinds.get(host, ())) and (network or not program.startswith("network: "))


def eligible(fleet: Fleet, each: Loaded) -> int:
    """The programs that the detector could have shown at all."""
    return len(
        {
            program
            for host, programs in fleet.programs.items()
            for program in programs
            if able(fleet, each, host, program)
        }
    )


def oracle(fleet: Fleet, host: str, program: str, found: str) -> tuple[float, float]:
    """P(finding | ordinary), and the weight in decibans."""
    each = next(each for each in fleet.detectors if each.id == found)
    others = max(len({p for _, p, name in fleet.found if name == found}) - 1, 0)
    programs = max(eligible(fleet, each) - 1, 0)
    ordinary = max((each.detector.p_ordinary * 50 + others) / (50 + programs), 1 / (programs + 2))
    return ordinary, 10 * math.log10(each.detector.p_implant / ordinary)


def silence(fleet: Fleet, host: str, program: str) -> float:
    """What it weighs that no question of trust was answered. (Other facets need a week, or a seen arrival.)"""
    of_trust = [each for each in fleet.detectors if each.detector.facet is Facet.TRUST]
    if any((host, program, each.id) in fleet.found for each in of_trust):
        return 0.0
    weights: list[tuple[float, str]] = []
    for each in (each for each in of_trust if able(fleet, each, host, program)):
        others = max(eligible(fleet, each) - 1, 0)
        shown = min(len({p for _, p, name in fleet.found if name == each.id}), others)
        ordinary = (each.detector.p_ordinary * 50 + shown) / (50 + others)
        weights.append((round(10 * math.log10((1 - each.detector.p_implant) / (1 - ordinary)), 2), each.id))
    return float(sum(weight / 2**place for place, (weight, _) in enumerate(sorted(weights))))


def counted(fleet: Fleet, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], float]:
    """What each finding adds: the strongest of a facet whole, the others as far as they say more; those that speak
    against an implant, halves.
    """
    shown = {each.id: {p for _, p, name in fleet.found if name == each.id} for each in fleet.detectors}
    result = {}
    for each in {(row["stay_id"], row["facet"], row["weight_db"] > 0) for row in rows}:
        facet = [row for row in rows if (row["stay_id"], row["facet"], row["weight_db"] > 0) == each]
        before: list[str] = []
        for row in sorted(facet, key=lambda row: (-row["weight_db"], row["detector"])):
            left = 1.0
            for name in before:
                both = len(shown[name] & shown[row["detector"]]) - 1
                share = both + 10 * math.sqrt(row["p_implant"] * row["p_ordinary"])
                beside = 10 * math.log10(row["p_implant"] * (len(shown[name]) - 1 + 10) / share)
                left *= min(max(beside / row["weight_db"], 1e-6), 1) if row["weight_db"] > 0 else 0.5
            result[row["stay_id"], row["detector"]] = row["weight_db"] * left
            before.append(row["detector"])
    return result


HOSTS = ("h1", "h2", "h3")
PROGRAMS = ("p1", "p2", "p3", "p4", "p5", "network: agent x")
KINDS = ("launches", "files", "connections", "traffic")
probability = st.floats(0.001, 0.999)


@st.composite
def fleets(draw: st.DrawFn) -> Fleet:
    detectors = [
        detector(
            f"d{number}",
            draw(st.sampled_from(list(Facet)[:3])),
            draw(probability),
            draw(probability),
            draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True)),
        )
        for number in range(draw(st.integers(1, 6)))
    ]
    programs = {host: draw(st.lists(st.sampled_from(PROGRAMS), min_size=1, unique=True)) for host in HOSTS}
    stays = [(host, program) for host in HOSTS for program in programs[host]]
    found = draw(
        st.lists(st.tuples(st.sampled_from(stays), st.sampled_from(detectors)), min_size=1, max_size=40, unique=True)
    )
    kinds = {host: draw(st.lists(st.sampled_from(KINDS), unique=True)) for host in HOSTS}
    return Fleet(detectors, programs, kinds, [(*each, loaded.id) for each, loaded in found])


HUNDREDTH = 0.005_000_1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fleets())
def test_every_weight_is_what_a_plain_program_gets_and_the_sums_order_the_cases(fleet: Fleet) -> None:
    evidence, cases = weighed(fleet)
    rows = {(row["stay_id"], row["detector"]): row for row in evidence}
    assert sorted(rows) == sorted((stay(host, program), found) for host, program, found in fleet.found)
    for host, program, found in fleet.found:
        row = rows[stay(host, program), found]
        ordinary, weight = oracle(fleet, host, program, found)
        assert row["p_ordinary"] == pytest.approx(ordinary, abs=1e-12)
        assert row["weight_db"] == pytest.approx(weight, abs=HUNDREDTH)
    parts = counted(fleet, evidence)
    assert {key: row["counted_db"] for key, row in rows.items()} == pytest.approx(parts, abs=HUNDREDTH)
    of_findings = {each: round(sum(r["counted_db"] for r in evidence if r["stay_id"] == each), 2) for each, _ in rows}
    silent = {stay(*each): silence(fleet, *each) for each in {(host, program) for host, program, _ in fleet.found}}
    order = [stay(*each) for each in ((host, program) for host in fleet.programs for program in fleet.programs[host])]
    sums = {case["stay_id"]: case["weight_db"] for case in cases}
    assert sorted(sums) == sorted(of_findings)
    ranking = sorted(sums, key=lambda each: (-sums[each], order.index(each)))
    assert [(case["rank"], case["stay_id"]) for case in cases] == list(enumerate(ranking, 1))
    for case in cases:
        assert sum(case["terms_db"]) == pytest.approx(silent[case["stay_id"]], abs=6 * HUNDREDTH)
        assert case["weight_db"] == round(of_findings[case["stay_id"]] + sum(case["terms_db"]), 2)
        assert case["odds"] == pytest.approx(1e-4 * 10 ** (case["weight_db"] / 10), rel=1e-9)


# What follows from it


@pytest.fixture(scope="module")
def one() -> Loaded:
    return detector("d", Facet.ARRIVAL, 0.5, 0.01)


def p_ordinary(fleet: Fleet, each: str) -> float:
    evidence, _ = weighed(fleet)
    return float(next(row["p_ordinary"] for row in evidence if row["stay_id"] == each))


def test_one_agent_on_many_hosts_is_one_observation(one: Loaded) -> None:
    hosts = [f"h{n}" for n in range(20)]
    everywhere = Fleet(
        [one],
        {host: ["agent", "other"] for host in hosts},
        {host: ["launches"] for host in hosts},
        [(host, "agent", "d") for host in hosts],
    )
    alone = Fleet([one], {"h0": ["agent", "other"]}, {"h0": ["launches"]}, [("h0", "agent", "d")])
    assert p_ordinary(everywhere, "h7/agent") == p_ordinary(alone, "h0/agent")


def test_a_small_fleet_cannot_convict_by_rarity_alone(one: Loaded) -> None:
    tiny = Fleet([one], {"h": ["a"]}, {"h": ["launches"]}, [("h", "a", "d")])
    assert p_ordinary(tiny, "h/a") == 0.5  # one of two, and so no evidence at all
    large = Fleet([one], {"h": [f"p{n}" for n in range(1000)]}, {"h": ["launches"]}, [("h", "p0", "d")])
    assert p_ordinary(large, "h/p0") == 1 / 1001


def test_what_many_programs_of_the_fleet_show_says_nothing(one: Loaded) -> None:
    programs = [f"p{n}" for n in range(400)]
    common = Fleet([one], {"h": programs}, {"h": ["launches"]}, [("h", each, "d") for each in programs[:300]])
    evidence, cases = weighed(common)
    assert evidence[0]["p_ordinary"] == pytest.approx((0.5 + 299) / (50 + 399))
    assert cases[0]["weight_db"] < 0
    assert cases[0]["story"] == ""


def test_a_host_whose_sensors_are_blind_to_it_does_not_count_as_innocent(one: Loaded) -> None:
    programs = {"seen": ["a", "b", "c"], "blind": [f"x{n}" for n in range(500)]}
    fleet = Fleet([one], programs, {"seen": ["launches"], "blind": ["files"]}, [("seen", "a", "d")])
    assert p_ordinary(fleet, "seen/a") == 1 / 4


def test_equal_evidence_ranks_by_first_sight_whatever_the_order_of_findings() -> None:
    detectors = [detector(f"d{n}", facet, 0.1 + 0.13 * n, 0.01 * (n + 1)) for n, facet in enumerate(Facet)]
    programs = [f"p{n}" for n in range(30)]
    found = [("h", program, each.id) for program in programs for each in detectors]
    for order in (found, found[::-1], sorted(found, key=lambda each: each[2])):
        _, cases = weighed(Fleet(detectors, {"h": programs}, {"h": ["launches"]}, order))
        assert [case["stay_id"] for case in cases] == [f"h/{program}" for program in programs]
        assert len({case["weight_db"] for case in cases}) == 1


def test_the_contacts_of_fewest_hosts_come_first_then_the_most_frequent(one: Loaded) -> None:
    contacts = [("h1", "a", "cdn.example", 99), ("h2", "b", "cdn.example", 1)]
    contacts += [("h1", "a", "rare.example", 1), ("h1", "a", "often.example", 5), ("h1", "a", "z.example", 1)]
    hosts: Mapping[str, Sequence[str]] = {"h1": ["a"], "h2": ["b"]}
    fleet = Fleet([one], hosts, {"h1": ["launches"]}, [("h1", "a", "d")], contacts)
    _, cases = weighed(fleet)
    assert cases[0]["contacts"] == ["often.example", "rare.example", "z.example"]


def test_a_story_tells_the_strongest_of_each_facet_and_how_it_came_where_no_evidence_does() -> None:
    detectors = [
        detector("weak", Facet.CONTACT, 0.6, 0.05),
        detector("strong", Facet.CONTACT, 0.9, 0.05),
        detector("trust", Facet.TRUST, 0.7, 0.05),
    ]
    found = [("h", "a", each.id) for each in detectors]
    _, cases = weighed(Fleet(detectors, {"h": ["a", "b"]}, {"h": ["launches"]}, found, how={"a": "written by x.exe"}))
    assert cases[0]["story"] == "written by x.exe; trust of a; strong of a"


def test_a_long_story_is_cut(one: Loaded) -> None:
    program = "x" * 1000
    _, cases = weighed(Fleet([one], {"h": [program, "b", "c"]}, {"h": ["launches"]}, [("h", program, "d")]))
    assert cases[0]["story"] == f"d of {program}"[:399] + "…"


def test_without_findings_there_are_no_cases(one: Loaded) -> None:
    assert weighed(Fleet([one], {"h": ["a"]}, {"h": ["launches"]}, [])) == ([], [])
    assert weighed(Fleet([one], {}, {}, [])) == ([], [])
