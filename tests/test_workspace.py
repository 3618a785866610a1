"""A case from files to answers: nothing twice, nothing lost, the same answers again, findings back to their records."""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.telemetry.readers.evtx_writer import chunk, event, evtx

import lodger
from lodger import verdict
from lodger.errors import CaseError, LodgerError, UnknownStayError
from lodger.lab import Truth, is_intruders, write_fleet
from lodger.model.findings import Facet, Life
from lodger.workspace import Workspace

#: What an analysis keeps and answers are made of.
TABLES = ("ranked", "evidence", "stay", "contact_day", "coverage", "coverage_day", "unseen")


def hunt(case: Path, *paths: Path) -> Workspace:
    workspace = Workspace.create_or_open(case)
    workspace.ingest(paths)
    workspace.analyse()
    return workspace


def answers(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    return {
        name: sorted(workspace.sql(f"SELECT * FROM {name}").to_pylist(), key=repr)  # noqa: S608
        for name in TABLES
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def truth(folder: Path) -> Truth:
    return write_fleet(folder / "fleet", seed=7, hosts=2, days=5)


@pytest.fixture(scope="module")
def fleet(folder: Path, truth: Truth) -> Path:
    return folder / "fleet"


@pytest.fixture(scope="module")
def case(folder: Path, fleet: Path) -> Workspace:
    return hunt(folder / "case", fleet)


@pytest.fixture(scope="module")
def told(case: Workspace) -> dict[str, list[dict[str, Any]]]:
    """The answers of the first analysis."""
    return answers(case)


@pytest.fixture(scope="module")
def lives(case: Workspace) -> tuple[Life, ...]:
    return case.lives([each.stay_id for each in case.ranked()])


def test_every_record_of_the_fleet_is_stored_and_a_second_hunt_adds_nothing(
    case: Workspace, fleet: Path, truth: Truth, told: dict[str, list[dict[str, Any]]]
) -> None:
    counts = "SELECT sum(read) AS read, sum(stored) AS stored, sum(aside) AS aside, COUNT(*) AS files FROM source"
    before = case.sql(counts).to_pylist()
    carved = sum(1 for _ in fleet.glob("zeek/*/extract_files/*"))
    assert before[0]["stored"] == before[0]["read"] == truth.events + truth.zeek_rows + carved
    again = case.ingest([fleet])
    assert all(source.already for source in again.sources)
    assert len(again.sources) == before[0]["files"]
    case.analyse()
    assert case.sql(counts).to_pylist() == before
    assert answers(case) == told


def test_the_same_files_in_another_order_and_over_two_days_give_the_same_answers(
    case: Workspace, folder: Path, fleet: Path, told: dict[str, list[dict[str, Any]]]
) -> None:
    files = sorted(path for path in fleet.rglob("*") if path.is_file())
    random.Random(1).shuffle(files)
    other = hunt(folder / "shuffled", *files[: len(files) // 2])
    assert not other.cases().equals(case.cases())
    other.ingest(files[len(files) // 2 :])
    other.analyse()
    assert answers(other) == told
    assert other.cases().equals(case.cases())


def test_the_intruder_of_the_fleet_comes_first_in_a_life_of_many_facets(lives: tuple[Life, ...], truth: Truth) -> None:
    first = lives[0].case
    assert is_intruders(truth, first.host, first.program) == truth.intruders[0]
    assert first.program == truth.intruders[0].programs[0].path
    assert len(first.facets) >= 4


def test_a_life_adds_up_and_is_told_in_order(case: Workspace, lives: tuple[Life, ...]) -> None:
    facets = list(Facet)
    assert tuple(life.case for life in lives) == case.ranked()
    for life in lives:
        terms = [each.counted_db for each in life.evidence] + [term.weight_db for term in life.case.terms]
        assert sum(terms) == pytest.approx(life.case.weight_db, abs=1e-6)
        assert 10 ** ((life.prior_db + life.case.weight_db) / 10) == pytest.approx(life.case.odds, rel=1e-9)
        order = [(facets.index(each.facet), each.first) for each in life.evidence]
        assert order == sorted(order)
        assert {each.facet for each in life.evidence} == set(life.case.facets)
        assert [(day.destination, day.day) for day in life.contacts] == sorted(
            (day.destination, day.day) for day in life.contacts
        )


def _lines(file: str) -> list[str]:
    data = Path(file).read_bytes()
    return (gzip.decompress(data) if file.endswith(".gz") else data).decode().splitlines()


def test_every_finding_leads_back_to_its_raw_records(case: Workspace, fleet: Path, lives: tuple[Life, ...]) -> None:
    sources = {row["name"] for row in case.sql("SELECT name FROM source").to_pylist()}
    lines: dict[str, list[str]] = {}
    for life in lives:
        for each in life.evidence:
            assert 1 <= len(each.records) <= min(each.total_records, 20)
            for ref in each.records:
                assert ref.file in sources
                if Path(ref.file).parent.name == "extract_files":
                    assert ref.record == 1
                    continue
                raw = lines.setdefault(ref.file, _lines(ref.file))[ref.record - 1]
                if ".jsonl" in ref.file:
                    assert json.loads(raw)["Hostname"].lower() == life.case.host
                else:
                    assert not raw.startswith("#")


def test_answers_are_arrow_tables_and_need_neither_pandas_nor_polars(
    case: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, name, None)
    opened = lodger.open(case.path)
    cases = opened.cases()
    assert isinstance(cases, pa.Table)
    assert cases.schema.equals(verdict.CASES)
    evidence = opened.stay(cases["stay_id"][0].as_py())
    assert isinstance(evidence, pa.Table)
    assert {"detector", "facet", "weight_db", "sentence", "refs"} <= set(evidence.schema.names)
    assert evidence["stay_id"].unique().to_pylist() == [cases["stay_id"][0].as_py()]


def test_a_query_sees_records_classes_and_findings(case: Workspace, truth: Truth) -> None:
    events = case.sql("SELECT COUNT(*) AS n FROM windows_event").to_pylist()
    assert events == [{"n": truth.events}]
    launches = case.sql("SELECT COUNT(*) AS n FROM process_activity WHERE activity_name = 'Launch'").to_pylist()
    assert launches == case.sql("SELECT COUNT(*) AS n FROM windows_event WHERE EventID IN (1, 4688)").to_pylist()
    joined = "SELECT COUNT(*) AS n FROM ranked AS r JOIN stay AS s ON s.stay_id = r.stay_id"
    assert case.sql(joined).to_pylist() == [{"n": len(case.ranked())}]
    with pytest.raises(LodgerError, match="the query failed"):
        case.sql("SELECT * FROM nothing_of_that_name")


def test_an_id_may_be_cut_short_while_it_is_unique(case: Workspace, lives: tuple[Life, ...]) -> None:
    ids = [life.case.stay_id for life in lives]
    assert case.life(ids[0]) == lives[0]
    short = next(ids[0][:n] for n in range(1, 13) if sum(each.startswith(ids[0][:n]) for each in ids) == 1)
    assert case.life(short) == lives[0]
    shared = next(each[:1] for each in ids if sum(other.startswith(each[:1]) for other in ids) > 1)
    wrongs = {shared: "is not unique", "": "is not unique", "zz": "names no stay", "' OR '": "names no stay"}
    for wrong, problem in wrongs.items():
        for ask in (case.life, case.stay):
            with pytest.raises(UnknownStayError, match=problem):
                ask(wrong)


# Cases of other kinds


def test_a_case_is_where_it_was_made_and_nowhere_else(tmp_path: Path) -> None:
    with pytest.raises(CaseError):
        lodger.open(tmp_path / "nothing")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("x")
    with pytest.raises(CaseError):
        Workspace.create_or_open(tmp_path / "other")


def test_a_case_that_was_not_analysed_says_so(tmp_path: Path) -> None:
    workspace = Workspace.create_or_open(tmp_path / "case")
    for ask in (workspace.cases, workspace.ranked, workspace.summary, lambda: workspace.life("a")):
        with pytest.raises(CaseError, match="has not been analysed"):
            ask()
    assert workspace.sql("SELECT COUNT(*) AS n FROM process_activity").to_pylist() == [{"n": 0}]


def test_an_empty_case_has_no_cases(tmp_path: Path) -> None:
    workspace = Workspace.create_or_open(tmp_path / "case")
    summary = workspace.analyse()
    assert (summary.hosts, summary.programs, summary.stays, summary.evidence, tuple(summary.notes)) == (0, 0, 0, 0, ())
    assert workspace.cases().equals(verdict.CASES.empty_table())
    assert workspace.ranked() == ()


def test_network_logs_alone_give_stays_of_clients_and_say_what_they_cannot_tell(tmp_path: Path, fleet: Path) -> None:
    workspace = hunt(tmp_path / "case", fleet / "zeek")
    kinds = workspace.sql("SELECT DISTINCT kind FROM stay").to_pylist()
    assert kinds == [{"kind": "network"}]
    assert workspace.ranked()
    facets = {facet for each in workspace.ranked() for facet in each.facets}
    assert facets <= {Facet.CONTACT, Facet.DISGUISE, Facet.DEPARTURE}
    notes = workspace.summary().notes
    assert any("seen by network sensors only; programs there could not be told apart" in note for note in notes)
    life = workspace.life(workspace.ranked()[0].stay_id)
    assert any("could not be seen" in line for line in life.unseen)


def test_an_event_log_alone_is_enough(tmp_path: Path) -> None:
    guid, parent = "{11111111-0000-0000-0000-000000000001}", "{11111111-0000-0000-0000-000000000002}"
    a = r"C:\Users\ann\Downloads\report.pdf.exe"
    when = datetime(2023, 8, 15, 12, 0, tzinfo=UTC)
    stamp = "2023-08-15 12:00:00.000"
    own = {"UtcTime": stamp, "ProcessGuid": guid, "ProcessId": "12", "Image": a}
    above = {"ParentProcessGuid": parent, "ParentProcessId": "4", "ParentImage": r"C:\Windows\explorer.exe"}
    ends = {"SourceIp": "10.0.0.1", "SourcePort": "5", "DestinationIp": "192.0.2.1", "DestinationPort": "443"}
    events = [
        event(1, when, 1, **own, **above, CommandLine=a, User="ann"),
        event(2, when, 3, **own, **ends),
    ]
    (tmp_path / "sysmon.evtx").write_bytes(evtx(chunk(events)))
    workspace = hunt(tmp_path / "case", tmp_path / "sysmon.evtx")
    (case,) = (each for each in workspace.ranked() if each.program == a)
    assert (case.host, case.contacts) == ("mkt01", ("192.0.2.1:443",))
    double = next(each for each in workspace.life(case.stay_id).evidence if each.detector == "double_extension")
    assert [(Path(ref.file).name, ref.record) for ref in double.records] == [("sysmon.evtx", 1)]
    never = [note for note in workspace.summary().notes if note.startswith("never recorded: ")]
    assert len(never) == 1
    assert "code integrity on 1 of 1 hosts, " in never[0]
    assert "launches" not in never[0]


# Real intrusions; the names of the intruder's programs are the truth that stands beside the data


@pytest.mark.parametrize(
    ("campaign", "programs"),
    [
        ("01", ["winx64_payload.exe"]),
        ("02", ["happy_image.jpeg.exe", "winx64_payload.exe"]),
        ("03", ["winx64_payload.exe"]),
        ("04", ["winx64_payload.exe"]),
    ],
)
def test_the_intruder_comes_first(shared_data: Path, tmp_path: Path, campaign: str, programs: Sequence[str]) -> None:
    workspace = hunt(tmp_path / "case", shared_data / "otrf" / f"LSASS_campaign_{campaign}")
    first = workspace.ranked()[: len(programs)]
    assert sorted(case.program.rpartition("\\")[2] for case in first) == sorted(programs)
    assert all(len(case.facets) >= 3 for case in first)
