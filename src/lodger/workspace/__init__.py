"""A case as people work with it: ingest, analyse, look.

In a notebook::

    import lodger
    case = lodger.open("lodger-case")
    case.cases()                      # ranked stays: an Arrow table, which pandas and Polars take as it is
    case.stay("1f0c33a4be21")         # the evidence on one of them
    case.sql("SELECT * FROM process_activity LIMIT 10")
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time
from importlib import resources
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from lodger import evidence, ocsf, stays, verdict
from lodger.engine import Engine
from lodger.engine.duckdb import DuckDB
from lodger.errors import CaseError, UnknownStayError
from lodger.lake.case import sole_analyst
from lodger.lake.ingest import ingest
from lodger.lake.tables import Lake
from lodger.lake.upkeep import tidied
from lodger.model.coverage import Coverage
from lodger.model.findings import Case, ContactDay, Evidence, Facet, Life, RecordRef, Term
from lodger.model.ingest import AnalysisSummary, IngestSummary, Progress, Silent
from lodger.model.tables import LAKE
from lodger.model.trust import Learned, LedgerEntry
from lodger.model.upkeep import LakeInfo
from lodger.workspace import alignment, learning, weighing
from lodger.workspace.blindness import MEANS, blindness
from lodger.workspace.coverage import coverage
from lodger.workspace.history import history
from lodger.workspace.inventory import inventory
from lodger.workspace.judged import judged
from lodger.workspace.periods import Periods, contacts, load

#: What an analysis keeps in the case: name there -> table.
_KEPT: Final = {
    "ranked": "ranked",
    "evidence": "weighed",
    "stay": "stay",
    "coverage": "coverage",
    "coverage_day": "coverage_day",
    "unseen": "unseen",
    "silence": "silence",
    "sensing_change": "sensing_change",
    "eligible": "eligible",
    "network_clock": "network_clock",
    "clock_day": "clock_day",
    "host_address": "host_address",
    "many_behind": "many_behind",
    "sensor_clock": "sensor_clock",
    "windows_clock": "_windows_clock",
    "shares": "shares",
    "judged": "judged",
    **learning.KEPT,
}

#: The names of the periods' folders that the analysis was of.
_FOLDERS: Final = "period"

#: What new statements change: name in the case -> table.
_RELEARNED: Final = (("ranked", "ranked"), ("evidence", "weighed"), ("eligible", "eligible"), ("touched", "touched"))

#: What is made anew where the answer is as of an earlier day, and so is not read.
_REMADE: Final = {"ranked", "eligible", "evidence", "touched"}

_SILENT: Final = Silent()


class Workspace:
    """The case at ``path``. Nothing outside that directory is written, but reports where they are asked for."""

    def __init__(self, lake: Lake, as_of: datetime | None = None) -> None:
        self._lake = lake
        self._as_of = as_of
        self.path = lake.root

    @classmethod
    def create_or_open(cls, path: Path) -> Workspace:
        """The case at ``path``, made first where there is none.

        Raises CaseError where ``path`` holds something else.
        """
        return cls(Lake.create(path))

    @classmethod
    def open(cls, path: Path) -> Workspace:
        """The case at ``path``. Raises CaseError where there is none."""
        return cls(Lake(path))

    def as_of(self, moment: datetime | None) -> Workspace:
        """The same case, whose answers leave out what was learned of signers and files after ``moment`` (UTC).

        The telemetry is the same. None: everything that is known now.
        """
        return Workspace(self._lake, moment)

    def ingest(self, paths: Sequence[str | Path], progress: Progress = _SILENT) -> IngestSummary:
        """Read everything under ``paths`` into the case; what was read before is not read again."""
        return ingest(self._lake, paths, progress)

    def analyse(self, progress: Progress = _SILENT, shares: Path | None = None) -> AnalysisSummary:
        """Weigh everything in the case anew and keep the answer.

        ``shares`` is a file of ``lodger lab calibrate`` to weigh with, until the next analysis; else the shipped are.
        Raises CaseHeldError while another process analyses, InputError for another file.
        """
        with sole_analyst(self._lake.root):
            return self._analyse(progress, weighing.table(shares))

    def _analyse(self, progress: Progress, shares: pa.Table) -> AnalysisSummary:
        kept = Periods(self._lake, tidied(self._lake, progress)).kept(progress, self._read_folders())
        with self._statements() as engine:
            load(engine, kept)
            progress.phase("stays", len(stays.LIFE_STEPS))
            stays.fold(engine, progress)
            evidence.find(engine, progress, judged(self._lake))
            engine.load("shares", shares)
            verdict.weigh(engine, progress, weighing.settings(engine))
            for name, table in _KEPT.items():
                self._lake.replace(name, engine.read(table))
                if name != table:
                    engine.view(name, f'FROM "{table}"')
            summary = _summary(engine, tuple(alignment.notes(engine)))
        self._lake.replace(_FOLDERS, pa.table({"folder": [folder.name for folder in kept]}))
        for name in set(self._lake.findings()) - {*_KEPT, _FOLDERS}:  # of another Lodger
            self._lake.forget(name)
        return summary

    def _read_folders(self) -> list[Path]:
        """The folders of the periods that the last analysis was of: their contacts are told."""
        if _FOLDERS not in self._lake.findings():
            return []
        return [self.path / "periods" / name for name in self._lake.findings_table(_FOLDERS)["folder"].to_pylist()]

    def statements(self) -> list[LedgerEntry]:
        """The trust ledger: what is known of signers and files, in the order in which it was learned."""
        return learning.entries(self._lake, self._as_of)

    def learn(self, said: Sequence[LedgerEntry]) -> Learned:
        """Add statements to the trust ledger, and at once weigh anew every stay that they touch, back to the first day.

        What the ledger has is not added again. Where nothing was analysed yet, the next analysis weighs them.
        """
        new = learning.add(self._lake, said)
        if not new or not self._can_learn():
            return Learned(len(new), 0, (), 0)
        with self._analysed() as engine:
            before = learning.standing(engine)
        with self._relearned(None) as engine:
            for name, table in _RELEARNED:
                self._lake.replace(name, engine.read(table))
            return learning.changes(engine, new, before)

    def summary(self) -> AnalysisSummary:
        """What the last analysis looked at."""
        with self._analysed() as engine:
            return _summary(engine, self._alignment(engine))

    def ranked(self) -> tuple[Case, ...]:
        """The cases of the last analysis, most suspicious first."""
        return tuple(_case(row) for row in self.cases().to_pylist())

    def life(self, stay_id: str) -> Life:
        """Everything that is told of one stay.

        ``stay_id`` may be cut short as long as it is unique; else UnknownStayError.
        """
        with self._analysed() as engine:
            return _life(engine, stay_id, self._can_learn())

    def lives(self, stay_ids: Sequence[str]) -> tuple[Life, ...]:
        """:meth:`life` of each, in their order."""
        with self._analysed() as engine:
            remembered = self._can_learn()
            return tuple(_life(engine, stay_id, remembered) for stay_id in stay_ids)

    def coverage(self) -> Coverage:
        """What could not be seen: the hosts and sensors of the last analysis, worst first."""
        with self._analysed() as engine:
            return coverage(engine)

    def cases(self) -> pa.Table:
        """The ranked table: one row per case, in the columns of :data:`lodger.verdict.CASES`."""
        with self._analysed() as engine:
            return engine.query(_sql("cases"))

    def stay(self, stay_id: str) -> pa.Table:
        """The evidence on one stay, one row per finding, by facet and time."""
        with self._analysed() as engine:
            return engine.query(_sql("proof"), {"stay_id": _only(engine, stay_id)["stay_id"]})

    def info(self) -> LakeInfo:
        """What the lake holds, when which sensor spoke, and what could not be seen; no analysis is needed for it. Where
        there was one, also which clocks differ and what is many behind one.
        """
        with self._engine() as engine:
            held = inventory(self._lake, engine)
            for name in alignment.NEEDED & set(self._lake.findings()):
                engine.scan(name, *self._lake.findings_held(name))
            return replace(held, notes=self._alignment(engine))

    def sql(self, query: str) -> pa.Table:
        """The rows of any SELECT over the telemetry tables, the OCSF classes and what the analysis kept."""
        with self._engine() as engine:
            ocsf.define(engine)
            self._scan_findings(engine, set())
            return engine.query(query)

    @contextmanager
    def _engine(self) -> Iterator[Engine]:
        engine = DuckDB(self._lake.spool / "engine")
        try:
            for name in LAKE.keys() - {"statement"}:
                engine.scan(name, self._lake.files(name), LAKE[name])
            engine.load("statement", learning.known(self._lake, self._as_of))
            yield engine
        finally:
            engine.close()

    @contextmanager
    def _statements(self) -> Iterator[Engine]:
        """An engine that knows what was learned, and no telemetry."""
        engine = DuckDB(self._lake.spool / "engine")
        try:
            engine.scan("source", self._lake.files("source"), LAKE["source"])
            engine.load("statement", learning.known(self._lake, self._as_of))
            yield engine
        finally:
            engine.close()

    @contextmanager
    def _analysed(self) -> Iterator[Engine]:
        if self._as_of is not None:
            with self._relearned(self._as_of) as engine:
                yield engine
            return
        with self._kept(set()) as engine:
            yield engine

    @contextmanager
    def _kept(self, without: set[str]) -> Iterator[Engine]:
        """What the last analysis kept, but for some tables."""
        engine = DuckDB(self._lake.spool / "engine")
        try:
            if "ranked" not in self._lake.findings():
                raise CaseError(f"the case {self.path} has not been analysed", advice="run `lodger analyse`")
            if "ranked" not in without and self._lake.findings_schema("ranked").names != verdict.CASES.names:
                raise self._outdated()
            self._scan_findings(engine, without)
            weighing.complete(engine, self._lake.findings())
            engine.scan("source", self._lake.files("source"), LAKE["source"])
            engine.load("statement", learning.known(self._lake, self._as_of))
            yield engine
        finally:
            engine.close()

    @contextmanager
    def _relearned(self, as_of: datetime | None) -> Iterator[Engine]:
        """What the last analysis kept, with the questions of trust asked again."""
        with self._kept(_REMADE) as engine:
            if not self._can_learn():
                raise self._outdated()
            engine.scan("kept_evidence", *self._lake.findings_held("evidence"))
            learning.again(engine, learning.known(self._lake, as_of), weighing.settings(engine))
            engine.view("evidence", "SELECT * FROM weighed")
            yield engine

    def _outdated(self) -> CaseError:
        return CaseError(f"the case {self.path} was analysed by an earlier Lodger", advice="run `lodger analyse` again")

    def _can_learn(self) -> bool:
        return set(self._lake.findings()) >= {*learning.KEPT, *_REMADE}

    def _alignment(self, engine: Engine) -> tuple[str, ...]:
        return tuple(alignment.notes(engine)) if set(self._lake.findings()) >= alignment.NEEDED else ()

    def _scan_findings(self, engine: Engine, without: set[str]) -> None:
        for name in set(self._lake.findings()) - without - {_FOLDERS}:
            engine.scan(name, *self._lake.findings_held(name))
        contacts(engine, self._read_folders())


def _sql(name: str) -> str:
    return (resources.files(__name__) / f"{name}.sql").read_text(encoding="utf-8")


def _only(engine: Engine, stay_id: str) -> dict[str, Any]:
    rows = engine.query(_sql("chosen"), {"stay_id": stay_id}).to_pylist()
    if len(rows) != 1 or not stay_id:
        problem = "is not unique" if rows else "names no stay with evidence"
        raise UnknownStayError(f"{stay_id!r} {problem}")
    return dict(rows[0])


def _life(engine: Engine, stay_id: str, remembered: bool) -> Life:
    row = _only(engine, stay_id)
    chosen = {"stay_id": row["stay_id"]}
    names = {each["source"]: each["name"] for each in engine.query(_sql("names"), chosen).to_pylist()}
    seen = _seen(engine)[row["host"]]
    return Life(
        case=_case(row),
        prior_db=verdict.PRIOR_DB,
        evidence=tuple(_evidence(each, names) for each in engine.query(_sql("proof"), chosen).to_pylist()),
        contacts=tuple(_contact(day) for day in engine.query(_sql("contacts"), chosen).to_pylist()),
        unseen=tuple(blindness(engine, row["host"], seen)),
        trust=tuple(history(engine, row["stay_id"])) if remembered else (),
        shares=next(weighing.notes(engine), None),
    )


def _seen(engine: Engine) -> dict[str, set[str | None]]:
    seen: dict[str, set[str | None]] = {}
    for row in engine.query(_sql("seen")).to_pylist():
        seen.setdefault(row["host"], set()).add(row["kind"])
    return seen


def _case(row: dict[str, Any]) -> Case:
    made = {"contacts", "facets", "terms", "terms_db"}
    return Case(
        **{name: row[name] for name in verdict.CASES.names if name not in made},
        contacts=tuple(row["contacts"]),
        facets=tuple(Facet(facet) for facet in row["facets"]),
        terms=tuple(Term(*each) for each in zip(row["terms"], row["terms_db"], strict=True)),
    )


def _evidence(row: dict[str, Any], names: dict[str, str]) -> Evidence:
    refs = [ref.rpartition(":") for ref in row["refs"]]
    return Evidence(
        stay_id=row["stay_id"],
        detector=row["detector"],
        title=row["title"],
        facet=Facet(row["facet"]),
        technique=row["technique"],
        sentence=row["sentence"],
        first=row["first"],
        last=row["last"],
        p_implant=row["p_implant"],
        p_ordinary=row["p_ordinary"],
        weight_db=row["weight_db"],
        counted_db=row["counted_db"],
        records=tuple(
            sorted(
                (RecordRef(names.get(source, source), int(record)) for source, _, record in refs),
                key=lambda record: (record.file, record.record),
            )
        ),
        total_records=row["records"],
    )


def _contact(row: dict[str, Any]) -> ContactDay:
    return ContactDay(
        destination=row["destination"],
        day=datetime.combine(row["day"], time()),
        times=tuple(row["times"]),
        bytes_out=row["bytes_out"],
        bytes_in=row["bytes_in"],
    )


def _summary(engine: Engine, aligned: tuple[str, ...]) -> AnalysisSummary:
    return AnalysisSummary(**engine.query(_sql("counts")).to_pylist()[0], notes=(*_notes(engine), *aligned))


def _notes(engine: Engine) -> Iterator[str]:
    yield from weighing.notes(engine)
    seen = _seen(engine)
    network = {"connections", "traffic", "handshakes", "lookups", None}
    network_only = sorted(host for host, kinds in seen.items() if kinds <= network)
    if network_only:
        yield f"{_listed(network_only)}: seen by network sensors only; programs there could not be told apart"
    for kind, line in MEANS.items():
        blind = sorted(host for host, kinds in seen.items() if kind not in kinds and host not in network_only)
        if blind:
            yield f"{_listed(blind)}: {line}"
    never = [row for row in engine.query(_sql("unheard")).to_pylist() if row["need"] not in MEANS]
    if never:
        first, *more = (f"{row['need']} on {row['hosts']}" for row in never)
        needs = ", ".join([f"{first} of {never[0]['heard']} hosts", *more])
        yield f"never recorded: {needs}; absence is no innocence"


def _listed(hosts: Sequence[str]) -> str:
    return ", ".join(hosts[:3]) + (f" and {len(hosts) - 3} more" if len(hosts) > 3 else "")
