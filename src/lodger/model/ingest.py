"""What an ingest reports, and how long work tells that it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol


@dataclass(frozen=True)
class SourceReport:
    """What became of one file: ``read == stored + aside`` always holds.

    ``reader`` is "" where no reader knows the content. ``already`` says that an earlier ingest took the file, so that
    this one added nothing (the counts are then those of the earlier one). ``problem`` is one line, None when all went
    well. ``earlier`` counts records that the lake had already, from a time when the file was shorter or from other
    files; they are not in ``read``.
    """

    name: str
    reader: str
    read: int
    stored: int
    aside: int
    problem: str | None = None
    already: bool = False
    earlier: int = 0


@dataclass(frozen=True)
class IngestSummary:
    """All files of one ingest, in the order they were read, and the paths that could not be opened at all (one
    line each).
    """

    sources: tuple[SourceReport, ...]
    problems: tuple[str, ...]


#: The phases whose size is in bytes; that of all others is in steps.
IN_BYTES: Final = frozenset({"ingest", "compact"})


class Progress(Protocol):
    """Told by long work how far it is; the command line draws it, the library never prints."""

    def phase(self, name: str, total: int | None) -> None:
        """A phase begins; ``total`` is its size in bytes or steps, None where unknown."""

    def advance(self, amount: int) -> None:
        """``amount`` more of the current phase is done."""


class Silent:
    """Progress that nobody watches."""

    def phase(self, name: str, total: int | None) -> None:
        """Say nothing."""

    def advance(self, amount: int) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class AnalysisSummary:
    """What an analysis looked at, for the line under the table; ``notes`` say what could not be seen or answered."""

    hosts: int
    programs: int
    stays: int
    evidence: int
    notes: Sequence[str]
