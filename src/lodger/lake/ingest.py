"""Taking telemetry into the lake, every file exactly once, whatever is killed when.

A file is known by the SHA-256 of its content. Its rows go to one or several tables, in one commit or several; each
commit carries, as Delta's application transactions, how far the files in it have come in that table (a file's last
record number; in ``kept_aside``, where record numbers need not ascend, the count). Once all rows of a file are
committed, a row in ``source`` promises that it need not be read again; once that is so for all members of a
container, rows in ``container`` promise that it need not be unpacked again. A run that was cut off leaves a file
without its promise: the next one reads it from the start and drops what each table has of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lodger.errors import CaseError
from lodger.lake.case import check_extensible, sole_writer
from lodger.lake.growth import Trail
from lodger.lake.ledger import Ledger, Marks
from lodger.lake.older import Older
from lodger.lake.overlap import Repeats
from lodger.lake.pending import Pending, commit
from lodger.lake.reading import Reading, table_of
from lodger.lake.tables import Lake
from lodger.lake.tails import Tails, Waiting
from lodger.model.ingest import IngestSummary, Progress, SourceReport
from lodger.model.telemetry import Batch, SourceFile
from lodger.telemetry.discovery import choose, named
from lodger.telemetry.reader import HEAD, Reader
from lodger.telemetry.sources import Known, Problem, find, total_bytes
from lodger.telemetry.walk import why
from lodger.telemetry.workers import Workers

#: So many bytes are worth processes of their own in any case.
_MUCH: Final = 32 * 1024 * 1024

#: What is said of a file that no reader claims.
UNKNOWN: Final = "not a format that Lodger knows"


def ingest(lake: Lake, paths: Sequence[str | Path], progress: Progress) -> IngestSummary:
    """Take everything under ``paths`` that the lake does not have yet; ``progress`` counts bytes as they lie on disk.

    The case itself is passed over where it lies among the logs. Raises :class:`CaseError` where another ingest is at
    work on the case or the case cannot be written, and :class:`lodger.errors.PluginError` for a reader that breaks its
    contract. Bad input raises nothing: it is in the summary.
    """
    check_extensible(lake.root)
    with sole_writer(lake.root), _spool(lake) as spool, Workers() as workers:
        unfinished = lake.root / "ingest.unfinished"
        run = _Run(lake, progress, workers, cut_off=unfinished.exists())
        unfinished.touch()
        total = total_bytes(paths, skip=lake.root)
        progress.phase("ingest", total)
        submit = None
        if total >= _MUCH:
            workers.begin()  # while the first file is hashed
            submit = workers.submit()
        for found in find(paths, spool, run.knows, run.leave, unpacked=run.unpacked, skip=lake.root, submit=submit):
            run.take(found)
        summary = run.finish()
        if run.complete:
            unfinished.unlink()
        return summary


class _Run:
    """One ingest. ``cut_off``: the lake may hold rows of files that an earlier one did not read to their ends."""

    def __init__(self, lake: Lake, progress: Progress, workers: Workers, *, cut_off: bool) -> None:
        self._lake = lake
        self._progress = progress
        self._workers = workers
        self._ledger = Ledger(lake)
        self._pending = Pending()
        self._repeats = Repeats(lake)
        self._waiting = Waiting(lake, lambda table: self._pending.data.get(table, ()), self._commit)
        self._marks = Marks(lake, cut_off=cut_off)
        self._members: list[SourceFile] = []  # of the outermost file that is being read
        self._trouble: list[str] = []  # names of what could not be read since that was begun
        self._reports: list[SourceReport] = []
        self._problems: list[str] = []
        self._told = 0  # bytes of the outermost file that is being read, as progress
        self._done = 0  # of those, what its members stand for that are read

    def knows(self, container: str) -> bool:
        """Whether all that an outermost file holds, by its SHA-256, is taken."""
        return self._ledger.knows(container)

    def take(self, found: SourceFile | Problem | Known) -> None:
        """Account for one thing that was found."""
        match found:
            case SourceFile():
                self._members.append(found)
                self._file(found)
                self._done += found.packed
                self._tell(self._done)
            case Known():
                self._reports.extend(self._ledger.contents(found.container, found.name))
            case Problem():
                self._give_up(found.path, found.reason)

    def leave(self, size: int) -> None:
        """All of an outermost file was found. If it is packed and no part of it made trouble, it is taken whole."""
        members, self._members = self._members, []
        trouble, self._trouble = self._trouble, []
        if any(source.container != source.fingerprint for source in members):
            # The name of the container, or a beginning of it where "!" is part of that name.
            outermost = members[0].name.partition("!")[0]
            if not any(name.startswith(outermost) for name in trouble):
                contents = [(source.name, source.fingerprint) for source in members]
                self._pending.add_container(members[0].container, contents)
                self._ledger.add_container(members[0].container, contents)
        self._tell(size)
        self._told = self._done = 0

    def unpacked(self, amount: int) -> None:
        """Unpacking has gone through so many more bytes of the outermost file."""
        self._done += amount
        self._tell(self._done)

    def _tell(self, along: int) -> None:
        """Progress: ``along`` bytes of the outermost file are done with."""
        if along > self._told:
            self._progress.advance(along - self._told)
            self._told = along

    def finish(self) -> IngestSummary:
        """Commit the rest and say what became of everything."""
        self._commit()
        return IngestSummary(tuple(self._reports), tuple(self._problems))

    @property
    def complete(self) -> bool:
        """Whether every file that the lake has rows of was read to its end."""
        return not self._marks

    def _give_up(self, name: str, reason: str) -> None:
        self._trouble.append(name)
        self._problems.append(f"{name}: {reason}")

    def _file(self, source: SourceFile) -> None:
        if self._ledger.has(source.fingerprint):
            self._reports.append(self._ledger.taken(source.fingerprint, source.name))
            return
        try:
            report, trail = self._read(source)
        except OSError as error:
            self._give_up(source.name, f"cannot be read: {why(error)}")
            return
        self._pending.add_source(source, report, trail)
        self._ledger.add_source(report, trail)
        self._reports.append(report)

    def _read(self, source: SourceFile) -> tuple[SourceReport, Trail]:
        with source.path.open("rb") as file:
            head = file.read(HEAD)
        reader = choose(head, source.name) if source.ready is None else named(source.ready.reader)
        if reader is None:
            unknown = SourceReport(source.name, "", 0, 0, 0, UNKNOWN)
            return unknown, Trail(source.fingerprint, source.size, "", None, 0, None, None)
        known = self._ledger.trails.beginning(source.path, source.size, head, reader.name) if reader.grows else None
        reading = Reading(
            source,
            reader,
            lambda table: self._marks.of(table, source.fingerprint),
            known,
            repeats=self._repeats,
            older=self._longer(source, head, reader),
            read=self._workers.read,
        )
        try:
            for item in reading.fresh():
                self._pending.add(source.fingerprint, item, reading.marks[table_of(item)])
                if isinstance(item, Batch):
                    self._waiting.add(item)
                self._pending.add_retake(reading.retaken)
                share = min(reading.gone_through, source.size) / max(source.size, 1)
                self._tell(self._done + int(source.packed * share))
                if self._pending.full():
                    self._commit()
        except OSError:
            self._marks.keep(source.fingerprint, reading.marks)
            raise
        self._pending.add_retake(reading.retaken)
        self._marks.drop(source.fingerprint)
        return reading.report(), reading.trail(head)

    def _longer(self, source: SourceFile, head: bytes, reader: Reader) -> Older | Tails | None:
        """The longer state of a log, where it may have been read before (all of that is in the lake then); else what
        looks for a log that this one may be the end of.
        """
        if not reader.grows:
            return None
        sources = self._ledger.trails.longer(source.size, head, reader.name)
        if not sources:
            return Tails(self._lake, self._ledger.trails, self._waiting, source.fingerprint)
        self._commit()
        return Older(self._lake, sources)

    def _commit(self) -> None:
        commit(self._lake, self._pending)
        self._pending = Pending()
        self._repeats.committed()
        self._waiting.committed()


@contextmanager
def _spool(lake: Lake) -> Iterator[Path]:
    """An empty folder for unpacked members; what a run that was killed left there goes first."""
    folder = lake.spool / "ingest"
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    except OSError as error:
        raise CaseError(f"{folder} cannot be emptied: {why(error)}", advice="remove it") from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
