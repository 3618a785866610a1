"""One seed's fleet while it is measured: its records by day and sensor, the truth, and one case for all methods."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

import pyarrow.dataset as ds

from benchmarks.lab.design import Design
from lodger.lab import Truth, write_fleet
from lodger.lab.calibrate import Labelled
from lodger.lake.tables import Lake
from lodger.model.findings import Case
from lodger.workspace import Workspace

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
#: The table of files that were carved from the network.
_CARVED: Final = "file_inspection"
#: Tables that say which files were read.
_SHARED: Final = frozenset({"source", "container"})


def _of_network(table: str) -> bool:
    """Whether a fleet's network has written the records of a table; its hosts have, if not."""
    return table.startswith("zeek_") or table == _CARVED


class Fleet:
    """The fleet of one seed below ``scratch``, which the caller deletes.

    ``known`` are labelled lives of other fleets, of which a method may learn.
    """

    def __init__(self, design: Design, seed: int, scratch: Path, known: Sequence[Labelled] = ()) -> None:
        self.design, self.seed, self.scratch, self.known = design, seed, scratch, known
        self.root = scratch / "fleet"
        self._folder = scratch / "case"
        self._reached: int | None = None  # the last day that the case has
        self._analysed = False
        self.truth: Truth = write_fleet(
            self.root, seed=seed, hosts=design.hosts, days=design.days, intruders=design.lives(seed)
        )
        self.first = date.fromisoformat(self.truth.start)

    @cached_property
    def files(self) -> list[tuple[int, Path]]:
        """Every file with its day (from 0); those that name none are there from the first day on."""
        return [(self._day(path), path) for path in sorted(self.root.rglob("*")) if path.is_file()]

    def _day(self, path: Path) -> int:
        named = _DAY.findall(str(path.relative_to(self.root)))
        return max(0, (date.fromisoformat(named[-1]) - self.first).days) if named else 0

    def paths(self, first: int, last: int) -> list[Path]:
        """The files of days ``first`` to ``last``."""
        return [path for day, path in self.files if first <= day <= last]

    def alone(self, *, network: bool | None = None, day: int | None = None) -> tuple[Case, ...]:
        """The cases that the same analysis finds in some of the records: in those of the network's sensors alone, or of
        all but those; in those of one day.

        Nothing is read from the logs again: a case of their own has the tables of the fleet's, by links to their files,
        less what is not to be in it. It is deleted at once.
        """
        whole, folder = Lake(self.whole().path), self.scratch / "alone"
        try:
            lake = Lake.create(folder)
            for table in whole.tables():
                if network is None or table in _SHARED or _of_network(table) == network:
                    shutil.copytree(whole.folder(table), lake.folder(table), copy_function=os.link)
            if day is not None:
                self._only(lake, day)
            workspace = Workspace.create_or_open(folder)
            workspace.analyse()
            return workspace.ranked()
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # scratch, which goes with its parent at the latest

    def _only(self, lake: Lake, day: int) -> None:
        """Take all days but one out of a case. What was carved is in the lake by the day on which it was read: of that
        it is the day of its file that counts.
        """
        wanted = self.first + timedelta(days=day)
        for table in set(lake.tables()) - _SHARED - {_CARVED}:
            lake.swap(table, [file for file in lake.live(table) if file.day != wanted], [])
        sources = lake.read("source")
        named = zip(sources["source"].to_pylist(), sources["name"].to_pylist(), strict=True)
        of_day = ds.field("source").isin([source for source, name in named if self._day(Path(name)) == day])
        for file in lake.live(_CARVED):
            lake.swap(_CARVED, [file], [lake.rewrite(_CARVED, [file], of_day)])

    def looks(self) -> Iterator[tuple[int, Workspace]]:
        """The fleet's case, analysed, at the end of each day on which it is looked at."""
        if self._reached is not None:
            shutil.rmtree(self._folder)
            self._reached = None
        for day in self.design.looks:
            workspace = self._until(day)
            workspace.analyse()
            yield day, workspace
        self._analysed = True

    def whole(self) -> Workspace:
        """The fleet's case with all that was recorded."""
        return self._until(self.design.days - 1)

    def judged(self) -> Workspace:
        """:meth:`whole`, analysed."""
        workspace = self.whole()
        if not self._analysed:
            workspace.analyse()
            self._analysed = True
        return workspace

    def _until(self, day: int) -> Workspace:
        workspace = Workspace.create_or_open(self._folder)
        first = 0 if self._reached is None else self._reached + 1
        if first <= day:
            workspace.ingest(self.paths(first, day))
            self._reached, self._analysed = day, False
        return workspace

    @cached_property
    def addresses(self) -> dict[tuple[str, int], str]:
        """Whose an inside address was on a day (from 0), by most of the connections that hosts told of themselves."""
        query = """
            SELECT DISTINCT ON (SourceIp, day) SourceIp, day, lower(split_part(Computer, '.', 1)) AS host
            FROM windows_event WHERE EventID = 3 AND Initiated = 'true'
            GROUP BY SourceIp, day, host ORDER BY SourceIp, day, COUNT(*) DESC, host
        """
        rows = self.whole().sql(query).to_pylist()
        return {(row["SourceIp"], (row["day"] - self.first).days): row["host"] for row in rows}
