"""What the lake has promised not to read again, and how far it has come with what it has not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from lodger.lake.growth import Trail, Trails
from lodger.lake.tables import Lake
from lodger.model.ingest import SourceReport
from lodger.model.tables import LAKE

_REPORT: Final = ["reader", "read", "stored", "aside", "problem", "earlier"]


class Ledger:
    """The files and containers that are taken: those of earlier ingests, and those that this one adds."""

    def __init__(self, lake: Lake) -> None:
        rows = lake.read("source")
        self._reports = rows.select(_REPORT)  # by columns: a report is made only where one is asked for
        self._kept = {source: number for number, source in enumerate(rows["source"].to_pylist())}
        self._added: dict[str, SourceReport] = {}
        self.trails = Trails(rows)
        self._containers: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in lake.read("container").to_pylist():
            self._containers[row["container"]].append((row["name"], row["source"]))

    def knows(self, container: str) -> bool:
        """Whether all that an outermost file holds is taken. A file that is not packed is its own container."""
        return container in self._containers or self.has(container)

    def contents(self, container: str, name: str) -> list[SourceReport]:
        """What became of all files in a container that is known; ``name`` is what it is called now."""
        if container not in self._containers:
            return [self.taken(container, name)]
        return [self.taken(source, member) for member, source in self._containers[container]]

    def has(self, fingerprint: str) -> bool:
        """Whether a file with this content is taken."""
        return fingerprint in self._kept or fingerprint in self._added

    def taken(self, fingerprint: str, name: str) -> SourceReport:
        """What became of a file that is taken, told of the file that is called ``name`` now."""
        if fingerprint in self._added:
            return replace(self._added[fingerprint], name=name, already=True)
        row = self._reports.slice(self._kept[fingerprint], 1).to_pylist()[0]
        return SourceReport(name, **(row | {"already": True, "earlier": row["earlier"] or 0}))

    def add_source(self, report: SourceReport, trail: Trail) -> None:
        """A file was read to its end."""
        self._added[trail.source] = report
        self.trails.add(trail)

    def add_container(self, container: str, members: list[tuple[str, str]]) -> None:
        """All files (name, fingerprint) of a container were read to their ends."""
        self._containers[container] = members


class Marks:
    """How far the lake has come with files that were not read to their ends.

    ``cut_off`` says that an earlier ingest may have left some; without it the tables are not asked, which would cost
    some milliseconds for every file and table.
    """

    def __init__(self, lake: Lake, *, cut_off: bool) -> None:
        self._earlier = {table: lake.marks(table) for table in LAKE} if cut_off else {}
        self._partial: dict[str, dict[str, int]] = defaultdict(dict)

    def of(self, table: str, fingerprint: str) -> int:
        """How far a file has come in a table, in this ingest under another name or in earlier ones."""
        partial = self._partial.get(fingerprint, {}).get(table)
        if partial is not None:
            return partial
        return self._earlier[table](fingerprint) if self._earlier else 0

    def keep(self, fingerprint: str, marks: Mapping[str, int]) -> None:
        """Reading a file failed at these marks, by table."""
        self._partial[fingerprint].update(marks)

    def drop(self, fingerprint: str) -> None:
        """A file was read to its end after all."""
        self._partial.pop(fingerprint, None)

    def __bool__(self) -> bool:
        """Whether this ingest leaves files behind that were not read to their ends."""
        return bool(self._partial)
