"""Detectors keep the rules of their kind, one that does not is refused by name, and no log breaks a sentence."""

from __future__ import annotations

import importlib
import re
import string
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.analysis.records import CHROME, Process, analysed, at, connected, findings, launched, rows_of

from lodger.errors import PluginError
from lodger.evidence import all_detectors
from lodger.evidence.detector import COLUMNS, MAX_REFS, Loaded, tell
from lodger.evidence.detectors.renamed import DETECTOR as RENAMED
from lodger.model.findings import Facet

PACKAGE = Path(str(resources.files("lodger.evidence.detectors")))
TESTS = Path(__file__).parent / "detectors"


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.fixture(scope="module")
def columns() -> dict[str, list[tuple[str, str]]]:
    """Name and type of each column of each detector's SELECT."""
    with closing(analysed([])) as engine:
        return {
            each.id: [(row["column_name"], row["column_type"]) for row in rows_of(engine, f"DESCRIBE {each.select}")]
            for each in all_detectors()
        }


@pytest.fixture(scope="module")
def row_columns() -> dict[str, dict[str, str]]:
    """Name and type of each column of the rows that detectors ask for."""
    with closing(analysed([])) as engine:
        return {
            each.id: {row["column_name"]: row["column_type"] for row in rows_of(engine, f"DESCRIBE {each.id}_rows")}
            for each in all_detectors()
            if each.rows
        }


@pytest.mark.parametrize("found", all_detectors(), ids=lambda found: found.id)
def test_a_detector_declares_what_it_asks_and_why_it_weighs_what_it_does(found: Loaded) -> None:
    detector = found.detector
    module = importlib.import_module(f"lodger.evidence.detectors.{found.id}")
    assert module.__doc__
    assert detector.question.endswith("?")
    assert re.fullmatch(r"T\d{4}(\.\d{3})?", detector.technique)
    assert detector.title
    assert len(detector.because.split()) >= 5
    assert 0 < detector.p_ordinary < detector.p_implant < 1
    assert found.select.startswith("-- ")


@pytest.mark.parametrize("found", all_detectors(), ids=lambda found: found.id)
def test_a_select_gives_the_common_columns_and_those_of_its_sentence(
    found: Loaded, columns: dict[str, list[tuple[str, str]]]
) -> None:
    given_ = dict(columns[found.id])
    assert len(given_) == len(columns[found.id])
    assert [given_[name] for name in COLUMNS] == ["VARCHAR", "TIMESTAMP", "TIMESTAMP", "VARCHAR[]", "BIGINT"]
    assert _fields(found.detector.sentence) == given_.keys() - set(COLUMNS)


@pytest.mark.parametrize("found", [each for each in all_detectors() if each.rows], ids=lambda found: found.id)
def test_rows_have_their_day_and_only_the_select_beside_them_reads_them_or_what_several_share(
    found: Loaded, row_columns: dict[str, dict[str, str]]
) -> None:
    assert row_columns[found.id]["day"] == "DATE"
    mentions = re.compile(rf"\b{found.id}_rows\b").search
    readers = [each.id for each in all_detectors() if mentions(each.select)]
    shared = [file.stem for file in PACKAGE.parent.glob("*.sql") if mentions(file.read_text(encoding="utf-8"))]
    assert readers == ([] if shared else [found.id])
    assert all(re.search(rf"\b{name}\b", found.select) for name in shared)


def test_ids_are_file_names_and_every_file_is_part_of_a_detector_with_a_test() -> None:
    ids = [each.id for each in all_detectors()]
    assert len(ids) >= 20
    assert ids == sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")
    assert ids == sorted({path.stem.removesuffix("_rows") for path in PACKAGE.glob("*.sql")})
    assert [f"test_{name}" for name in ids] == sorted(path.stem for path in TESTS.glob("*.py"))


def test_titles_and_questions_tell_detectors_apart() -> None:
    declared = [each.detector for each in all_detectors()]
    assert len({each.title for each in declared}) == len(declared)
    assert len({each.question for each in declared}) == len(declared)


def test_every_facet_has_a_detector() -> None:
    assert {each.detector.facet for each in all_detectors()} == set(Facet)


# Discovery

GOOD = """
from dataclasses import replace
from lodger.evidence.detectors.renamed import DETECTOR as GOOD
DETECTOR = {declared}
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of an empty package where detectors are looked for."""
    folder = tmp_path / f"detectors_{tmp_path.name}"
    folder.mkdir()
    (folder / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("lodger.evidence.detector._PACKAGE", folder.name)
    all_detectors.cache_clear()
    yield folder
    all_detectors.cache_clear()


def test_a_file_laid_into_the_package_with_its_select_is_a_detector(package: Path) -> None:
    (package / "odd.py").write_text(GOOD.format(declared="replace(GOOD, title='odd')"))
    (package / "odd.sql").write_text("SELECT 1")
    assert all_detectors() == (Loaded("odd", replace(RENAMED, title="odd"), "SELECT 1"),)


def test_a_second_file_beside_it_gathers_its_rows(package: Path) -> None:
    (package / "odd.py").write_text(GOOD.format(declared="GOOD"))
    (package / "odd.sql").write_text("SELECT 1 FROM odd_rows")
    (package / "odd_rows.sql").write_text("SELECT 2")
    assert all_detectors() == (Loaded("odd", RENAMED, "SELECT 1 FROM odd_rows", "SELECT 2"),)


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        ("None", "declares no DETECTOR"),
        ("'a text'", "declares no DETECTOR"),
        ("replace(GOOD, p_implant=1.0)", "probabilities lie strictly between 0 and 1"),
        ("replace(GOOD, p_ordinary=0.0)", "probabilities lie strictly between 0 and 1"),
        ("replace(GOOD, p_ordinary=float('nan'))", "probabilities lie strictly between 0 and 1"),
        ("replace(GOOD, needs=frozenset())", "needs names no kind of record, or an unknown one"),
        ("replace(GOOD, needs=frozenset({'gossip'}))", "needs names no kind of record, or an unknown one"),
    ],
)
def test_a_detector_that_breaks_a_rule_is_refused_by_name(declared: str, complaint: str, package: Path) -> None:
    (package / "odd.py").write_text(GOOD.format(declared=declared))
    (package / "odd.sql").write_text("SELECT 1")
    with pytest.raises(PluginError, match=rf"^{package.name}\.odd.*{complaint}$"):
        all_detectors()


def test_a_detector_without_its_select_is_refused_by_name(package: Path) -> None:
    (package / "odd.py").write_text(GOOD.format(declared="GOOD"))
    with pytest.raises(PluginError, match=rf"^{package.name}\.odd has no odd\.sql beside it$"):
        all_detectors()


# Sentences


@given(st.text(), st.text())
@example("{x}", "{0.__class__}")
@example("{place!r:>99}", "%s %(place)s")
@example('" OR 1=1; --', "'); DROP TABLE finding; --")
@example("x" * 1_000_000, "\x00\x1b[2J\r\n")
def test_what_a_log_says_is_put_in_as_text_and_never_interpreted(place: str, every: str) -> None:
    told = tell("calls {place} every {every}.", {"place": place, "every": every, "unused": None})
    shown = [" ".join(text.split()) for text in (place, every)]
    shown = [text if len(text) <= 160 else text[:159] + "…" for text in shown]
    assert told == f"calls {shown[0]} every {shown[1]}."


@given(st.lists(st.text(max_size=400), max_size=50))
def test_a_list_is_told_by_its_first_five(values: list[str]) -> None:
    told = tell("{what}", {"what": values})
    assert len(told) <= 5 * 160 + 4 * 2 + len(" and 45 more")
    assert told.endswith(f" and {len(values) - 5} more") == (len(values) > 5)


@pytest.mark.parametrize(
    ("value", "told"),
    [(None, "unknown"), (3, "3"), (0, "0"), (0.123456, "0.123"), (1e9, "1e+09"), ([], ""), ([1, "a b"], "1, a b")],
)
def test_values_are_told_as_people_write_them(value: object, told: str) -> None:
    assert tell("{value}", {"value": value}) == told


def test_hostile_fields_reach_the_finding_as_text() -> None:
    name = "{0.__class__}{x}%s'; DROP TABLE stay; --"
    path = rf"C:\Users\ann\Downloads\{name}.pdf.exe"
    program = Process("WS{1}", path)
    rows = [
        launched(program, at(hours=9), line=path + " " + "x" * 1_000_000),
        connected(program, at(hours=10), "192.0.2.1"),
    ]
    with closing(analysed(rows)) as engine:
        found = findings(engine, "open_folder")
        named = findings(engine, "double_extension")
    assert [each.sentence for each in found] == [f"runs from {path} (downloads)"]
    assert [each.sentence for each in named] == [f"named {name.lower()}.pdf.exe"]


# All of them together


def test_an_analysis_of_nothing_finds_nothing() -> None:
    with closing(analysed([])) as engine:
        assert rows_of(engine, "SELECT * FROM finding") == []


def test_no_finding_names_more_than_twenty_records_and_each_has_its_stay() -> None:
    host, image = "WS1", r"C:\Users\Public\svchost.pdf.exe"
    rows = [launched(Process(host, CHROME), at(hours=1))]
    for day in range(30):
        program = Process(host, image, str(day))
        rows += [
            launched(program, at(days=day)),
            *(connected(program, at(days=day, hours=h), "192.0.2.1") for h in range(24)),
        ]
    with closing(analysed(rows)) as engine:
        found = rows_of(engine, "SELECT f.*, s.host FROM finding AS f LEFT JOIN stay AS s ON s.stay_id = f.stay_id")
    assert {"double_extension", "open_folder", "regular_contact", "rare_destination"} <= {
        each["detector"] for each in found
    }
    for each in found:
        assert each["host"] == "ws1"
        assert 1 <= len(each["refs"]) <= min(each["records"], MAX_REFS)
        assert each["first"] <= each["last"]
