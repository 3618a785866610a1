"""What the structural walk says of a file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """A file in one word; where several hold, the one that stands first here."""

    HIDDEN = "hidden data"
    MISMATCH = "mismatch"
    MALFORMED = "malformed"
    CLEAN = "clean"


@dataclass(frozen=True)
class Finding:
    """One thing in a file that its format does not account for.

    ``kind`` is a short name of the place or the contradiction, ``verdict`` what it makes of the file. ``offset`` and
    ``length`` are in bytes from the file's beginning. ``entropy`` is in bits per byte (0 to 8) and ``chance`` the
    probability that evenly spread random bytes look less even than these (see :mod:`lodger.disguise.noise`); both are
    None where no bytes are judged.
    """

    kind: str
    verdict: Verdict
    offset: int
    length: int
    sentence: str
    entropy: float | None = None
    chance: float | None = None


@dataclass(frozen=True)
class Inspection:
    """One file: its path, its kind by content, and what was found."""

    file: str
    kind: str
    size: int
    findings: tuple[Finding, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The gravest of the findings' verdicts; clean without any."""
        return min((each.verdict for each in self.findings), key=list(Verdict).index, default=Verdict.CLEAN)
