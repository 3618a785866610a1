"""What is known of signatures, and since when: statements, what a statement touches, and how a stay's trust went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What a statement says of a certificate, a signer or a file."""

    REVOKED = "revoked"  # a certificate: its issuer, or somebody else who knows, says that it no longer counts
    ABUSED = "abused"  # a certificate or signer: reported stolen, or to have signed malware
    TRUSTED = "trusted"  # a signer: known good to whoever keeps this ledger
    DISTRUSTED = "distrusted"  # a root or issuer
    VULNERABLE = "vulnerable"  # a driver's file: signed by an honest maker, and of use to an intruder
    MALICIOUS = "malicious"  # a file
    WITHDRAWN = "withdrawn"  # an earlier statement, by its id


@dataclass(frozen=True)
class Statement:
    """One thing that is known: it holds ``valid_from`` on (None: always did) and was learned at ``known_from``; both
    UTC without a zone.

    What it speaks of, as far as told: ``serial`` (hexadecimal, lower case, without leading zeros) and ``issuer``
    (common name) of a certificate, its ``thumbprint``, the ``signer``'s name, or hashes of a file in lower-case
    hexadecimal. ``shared`` says that the certificate also signs good software. ``withdraws`` is the id of an earlier
    statement.
    """

    kind: Kind
    source: str
    known_from: datetime
    valid_from: datetime | None = None
    detail: str | None = None
    serial: str | None = None
    issuer: str | None = None
    thumbprint: str | None = None
    signer: str | None = None
    sha256: str | None = None
    sha1: str | None = None
    md5: str | None = None
    authentihash: str | None = None
    shared: bool = False
    withdraws: str | None = None


@dataclass(frozen=True)
class LedgerEntry:
    """A statement as the case keeps it, under its id."""

    id: str
    statement: Statement


@dataclass(frozen=True)
class ImportReport:
    """What became of one file: ``read`` entries, ``new`` statements, ``known`` already, ``refused`` with a line for the
    first of them in ``problems``.
    """

    name: str
    form: str
    read: int
    new: int
    known: int
    refused: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """A stay that a statement touches, before and after it was known.

    ``stay_id`` is None where the host has a file that belongs to no stay. ``since`` and ``until`` are when the sensors
    first and last told of it; ``present`` says that nothing shows that it has left. Ranks are None where the stay had,
    or has, no evidence.
    """

    host: str
    program: str
    stay_id: str | None
    sentence: str
    since: datetime
    until: datetime
    present: bool
    rank_before: int | None
    rank_after: int | None
    weight_before: float
    weight_after: float


@dataclass(frozen=True)
class Learned:
    """What new statements did: how many are new, and what they touch, highest new rank first."""

    statements: int
    hosts: int
    changes: tuple[Change, ...]
    more: int


@dataclass(frozen=True)
class TrustLine:
    """A dated line of a stay's trust; ``learned`` is set where it was learned then and had held from an earlier day."""

    time: datetime
    sentence: str
    learned: bool
