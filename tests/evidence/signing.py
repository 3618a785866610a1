"""One program of one signer on one host, and what is known of it."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from typing import Any

from tests.analysis.records import CHROME, Finding, Process, Record, analysed, at, findings, loaded

from lodger.model.trust import Kind, Statement

PROGRAM = r"C:\Program Files\Helper\helper.exe"
KEY = r"\program files\helper\helper.exe"
SIGNER = "Acme Ltd"
KNOWN = datetime(2021, 6, 1)
SINCE = datetime(2021, 5, 1)


def signed(**fields: Any) -> list[Record]:
    """The program, loaded on one of two hosts, and a browser on both."""
    others = [loaded(Process(host, CHROME), at(), signer="Google LLC") for host in ("WS1", "WS2")]
    return [loaded(Process("WS1", PROGRAM), at(hours=9), signer=SIGNER, **fields), *others]


def ecs(**fields: str) -> dict[str, Any]:
    """What ECS adds to a module load, by the name of the field of ``code_signature``."""
    return {"other": [(f"file.code_signature.{name}", value) for name, value in fields.items()]}


def said(kind: Kind, **about: Any) -> Statement:
    """A statement that holds from May on and was learned in June."""
    return Statement(**{"kind": kind, "source": "an advisory", "known_from": KNOWN, "valid_from": SINCE, **about})


def found(detector: str, rows: list[Record], *statements: Statement) -> list[Finding]:
    """What one detector found."""
    with closing(analysed(rows, statements=statements)) as engine:
        return findings(engine, detector)


def sentences(detector: str, rows: list[Record], *statements: Statement) -> list[tuple[str, str, str]]:
    """Host, program and sentence of what one detector found."""
    return [(each.host, each.program, each.sentence) for each in found(detector, rows, *statements)]
