"""What really happened in a synthetic fleet: written beside it, read by evaluators and tests, never by the analysis."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from lodger.errors import InputError
from lodger.model.trust import Kind, Statement
from lodger.stays.paths import path_key


@dataclass(frozen=True)
class Residence:
    """One program on one host, as the host's records spell its path."""

    host: str
    path: str


@dataclass(frozen=True)
class Revocation:
    """When it becomes known that the certificate of ``signer`` was stolen, and since when it was (days, ISO 8601).

    ``serial`` and ``issuer`` (common name) are the certificate's, as the fleet's collections have them.
    """

    signer: str
    stolen: str
    known: str
    serial: str = ""
    issuer: str = ""

    def statement(self) -> Statement:
        """What the ledger learns on that day (`lodger trust revoke --signer ... --from stolen --learned known`)."""
        since, known = (datetime.fromisoformat(day) for day in (self.stolen, self.known))
        return Statement(Kind.REVOKED, "the lab's authority", known_from=known, valid_from=since, signer=self.signer)

    def of_certificate(self) -> Statement:
        """The same of the one certificate alone, which spares what else the name signs (`--serial`, `--issuer`)."""
        serial = self.serial.lower().lstrip("0")
        return replace(self.statement(), signer=None, serial=serial, issuer=self.issuer)


@dataclass(frozen=True)
class Intruder:
    """One life that is not ordinary, on one host or on several. Times are ISO 8601 UTC.

    ``traits`` say what kind of life it is, by the names of `lodger.lab.lives.Scenario`'s fields; ``family`` groups
    lives of one plan, which an evaluation holds out together. ``programs`` is all that is the intruder's, first what
    stays and talks: then its driver, its installer, and what `lodger` calls it where only the wire tells. ``touched``
    are other people's programs that it worked through (injected into, or sent to ask questions): a case of one is
    neither the intruder found nor a false alarm. ``signer`` is "" where nothing is signed. ``destinations`` are names,
    where it uses them, and addresses. ``arrival`` is the first on any host; ``departure`` the last, None where the
    records end before it. ``revocation`` is there where its signer's certificate is stolen.
    """

    name: str
    family: str
    traits: dict[str, str]
    evasive: bool
    hosts: tuple[str, ...]
    programs: tuple[Residence, ...]
    signer: str
    destinations: tuple[str, ...]
    arrival: str
    departure: str | None
    touched: tuple[Residence, ...] = ()
    revocation: Revocation | None = None


@dataclass(frozen=True)
class LookAlike:
    """An ordinary program that shares some of an intruder's ways; ``kind`` is one word for all of its sort.

    ``revocation`` is there where its signer's certificate is revoked although nobody misused it; that of its server
    ``server`` is revoked on the same day, in the list beside the fleet (`revocations_path`).
    """

    host: str
    program: str
    why: str
    kind: str = ""
    revocation: Revocation | None = None
    server: str = ""


@dataclass(frozen=True)
class Truth:
    """What really happened in a synthetic fleet; for evaluation and tests only, never for analysis.

    ``intruders`` are those that came: none where none was asked for, or where nobody was there to let one in.
    ``events`` counts Windows events, ``zeek_rows`` rows of all Zeek logs.
    """

    seed: int
    start: str
    days: int
    hosts: tuple[str, ...]
    intruders: tuple[Intruder, ...]
    look_alikes: tuple[LookAlike, ...]
    events: int
    zeek_rows: int


def truth_path(out: Path) -> Path:
    """Where the truth about the fleet in the folder ``out`` lies: beside it, never in it."""
    return out.with_name(out.name + ".truth.json")


def revocations_path(out: Path) -> Path:
    """Where the list of revoked certificates lies that belongs to the fleet in the folder ``out``, for
    `lodger trust import`; it is there where the truth tells of a server's certificate.
    """
    return out.with_name(out.name + ".crl")


def write_truth(truth: Truth, path: Path) -> None:
    """Write the truth as JSON, in the order of its fields."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(asdict(truth)), indent=2) + b"\n")


def read_truth(path: Path) -> Truth:
    """Read what `write_truth` wrote. Raises InputError where the file is not there or says something else."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Truth)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise InputError(f"{path} is not the truth about a fleet: {error}", advice="write the fleet anew") from error


def is_intruders(truth: Truth, case_host: str, case_program: str) -> Intruder | None:
    """Whose program a ranked case speaks of: ``case_host`` and ``case_program`` as `lodger cases` prints them."""
    return next((one for one in truth.intruders if _holds(one.programs, case_host, case_program)), None)


def is_touched(truth: Truth, case_host: str, case_program: str) -> Intruder | None:
    """Which intruder worked through the ordinary program that a ranked case speaks of."""
    return next((one for one in truth.intruders if _holds(one.touched, case_host, case_program)), None)


def _holds(residences: tuple[Residence, ...], host: str, program: str) -> bool:
    """Whether one of the residences is that program on that host, with or without its domain, however it is spelt."""
    host, key = host.casefold(), path_key(program)
    return any(
        (host == where.host.casefold() or host.startswith(where.host.casefold() + ".")) and path_key(where.path) == key
        for where in residences
    )
