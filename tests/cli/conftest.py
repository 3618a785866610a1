"""A workspace that answers from memory, so that the command line is tested apart from the analysis."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest

from lodger.errors import CaseError, UnknownStayError
from lodger.model.coverage import Coverage
from lodger.model.findings import Case, Evidence, Facet, Life, RecordRef
from lodger.model.ingest import AnalysisSummary, IngestSummary, Progress, Silent, SourceReport

CASE = Case(
    rank=1,
    stay_id="3f9a2b7c11d0",
    host="WS-014.plant.example",
    program=r"C:\Users\lin\AppData\Roaming\update\jusched.exe",
    contacts=("203.0.113.7", "images.example.net"),
    arrival=datetime(2011, 9, 1, 8, 14, 5),
    departure=None,
    first_seen=datetime(2011, 9, 1, 8, 14, 5),
    last_seen=datetime(2011, 10, 7, 3, 0, 0, 250000),
    weight_db=61.5,
    odds=14.125,
    lfdr=None,
    facets=(Facet.ARRIVAL, Facet.CONTACT),
    story="Word wrote it, it ran a minute later, and it calls 203.0.113.7 every 30 minutes.",
)
ARRIVAL = Evidence(
    stay_id=CASE.stay_id,
    detector="arrival_by_document",
    title="A document's program wrote it",
    facet=Facet.ARRIVAL,
    technique="T1566.001",
    sentence="WINWORD.EXE wrote the file 58 s before it first ran",
    first=datetime(2011, 9, 1, 8, 13, 7),
    last=datetime(2011, 9, 1, 8, 14, 5),
    p_implant=0.4,
    p_ordinary=0.0001,
    weight_db=36.02,
    counted_db=36.02,
    records=(RecordRef("logs.zip!host/sysmon.json", 120), RecordRef("logs.zip!host/sysmon.json", 131)),
    total_records=2,
)
REGULAR = Evidence(
    stay_id=CASE.stay_id,
    detector="regular_contact",
    title="It calls at regular times",
    facet=Facet.CONTACT,
    technique="T1071.001",
    sentence="1,730 connections to 203.0.113.7, 30 min apart",
    first=datetime(2011, 9, 1, 9, 0, 0),
    last=datetime(2011, 10, 7, 3, 0, 0),
    p_implant=0.6,
    p_ordinary=0.001,
    weight_db=27.78,
    counted_db=25.48,
    records=(RecordRef("zeek/conn.log", 9),),
    total_records=1730,
)
LIFE = Life(case=CASE, prior_db=-50.0, evidence=(ARRIVAL, REGULAR), contacts=(), unseen=("no DNS log",))
SUMMARY = IngestSummary(
    sources=(
        SourceReport("logs.zip!host/sysmon.json", "windows_json", 1200, 1198, 2),
        SourceReport("zeek/conn.log", "zeek_tsv", 90, 90, 0),
    ),
    problems=(),
)
ANALYSIS = AnalysisSummary(hosts=8, programs=120, stays=900, evidence=2, notes=("no DNS log: names are from TLS only",))


@dataclass
class Fleet:
    """What the workspace in memory holds; tests change it."""

    cases: tuple[Case, ...] = (CASE,)
    lives: dict[str, Life] = field(default_factory=lambda: {LIFE.case.stay_id: LIFE})
    summary: IngestSummary = SUMMARY
    error: Exception | None = None
    interrupted: bool = False
    ingested: list[tuple[Path, tuple[str, ...]]] = field(default_factory=list)
    asked_as_of: list[datetime | None] = field(default_factory=list)
    shares: list[Path | None] = field(default_factory=list)

    def rank(self, *odds: float) -> None:
        """Hold one stay for each of ``odds``."""
        self.cases = tuple(
            replace(CASE, rank=number, stay_id=f"{number:012x}", odds=each) for number, each in enumerate(odds, start=1)
        )
        self.lives = {case.stay_id: replace(LIFE, case=case) for case in self.cases}


class Workspace:
    """Has the methods of :class:`lodger.workspace.Workspace` that the commands call."""

    fleet: Fleet

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create_or_open(cls, path: Path) -> Workspace:
        path.mkdir(exist_ok=True)
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> Workspace:
        if not path.is_dir():
            raise CaseError(f"no case at {path}", advice="`lodger ingest` makes one")
        return cls(path)

    def as_of(self, moment: datetime | None) -> Workspace:
        self.fleet.asked_as_of.append(moment)
        return self

    def ingest(self, paths: Sequence[str | Path], progress: Progress | None = None) -> IngestSummary:
        self.fleet.ingested.append((self.path, tuple(str(path) for path in paths)))
        return self.fleet.summary

    def analyse(self, progress: Progress | None = None, shares: Path | None = None) -> AnalysisSummary:
        self.fleet.shares.append(shares)
        (progress or Silent()).phase("weighing", 2)
        if self.fleet.error is not None:
            raise self.fleet.error
        if self.fleet.interrupted:
            raise KeyboardInterrupt
        return ANALYSIS

    def summary(self) -> AnalysisSummary:
        return ANALYSIS

    def coverage(self) -> Coverage:
        return Coverage(None, None, 1, 0, (), (), 0, (), 0)

    def lives(self, stay_ids: Sequence[str]) -> tuple[Life, ...]:
        return tuple(self.life(stay_id) for stay_id in stay_ids)

    def ranked(self) -> tuple[Case, ...]:
        return self.fleet.cases

    def life(self, stay_id: str) -> Life:
        found = [life for key, life in self.fleet.lives.items() if key.startswith(stay_id)]
        if len(found) != 1:
            raise UnknownStayError(f"no stay {stay_id}")
        return found[0]


@pytest.fixture
def fleet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Fleet:
    """The fleet behind the workspace that the commands open; the working directory is empty but for ``logs``."""
    held = Fleet()
    module = ModuleType("lodger.workspace")
    monkeypatch.setattr(Workspace, "fleet", held, raising=False)
    monkeypatch.setattr(module, "Workspace", Workspace, raising=False)
    monkeypatch.setitem(sys.modules, "lodger.workspace", module)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs").mkdir()
    return held
