"""One seed's fleet while it is measured: its records by day and sensor, the truth, and one case for all methods."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from benchmarks.lab.design import Design
from lodger.lab import Truth, write_fleet
from lodger.lab.calibrate import Labelled
from lodger.model.findings import Case
from lodger.workspace import Workspace

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
#: The folder of the network's sensors; all others are the hosts' own.
_NETWORK: Final = "zeek"


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

    def paths(self, first: int, last: int, network: bool | None = None) -> list[Path]:
        """The files of days ``first`` to ``last``, of all sensors, or of the network's alone, or of all but those."""
        found = (path for day, path in self.files if first <= day <= last)
        return [path for path in found if network is None or self._of_network(path) == network]

    def _of_network(self, path: Path) -> bool:
        return path.relative_to(self.root).parts[0] == _NETWORK

    def alone(self, name: str, paths: list[Path]) -> tuple[Case, ...]:
        """The cases of these files in a case of their own, which is deleted at once."""
        folder = self.scratch / name
        try:
            workspace = Workspace.create_or_open(folder)
            workspace.ingest(paths)
            workspace.analyse()
            return workspace.ranked()
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # scratch, which goes with its parent at the latest

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
