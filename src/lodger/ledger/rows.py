"""Statements as rows of the ledger, and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

import pyarrow as pa

from lodger.ledger.normal import hexadecimal, issuer_name, serial_number, words
from lodger.model.statement import STATEMENT
from lodger.model.trust import Kind, LedgerEntry, Statement


def identified(statement: Statement) -> LedgerEntry:
    """The statement in the one spelling that is compared, under its id: twelve hexadecimal digits made from everything
    but when it was learned, so that the same thing said again is the same statement.

    Raises :class:`lodger.errors.InputError` for a serial, thumbprint or hash that is none, and where it speaks of
    nothing.
    """
    clean = replace(
        statement,
        source=words(statement.source) or "unknown",
        detail=words(statement.detail),
        signer=words(statement.signer),
        issuer=issuer_name(statement.issuer),
        serial=serial_number(statement.serial),
        thumbprint=hexadecimal(statement.thumbprint, "a thumbprint", (40, 64)),
        sha256=hexadecimal(statement.sha256, "a SHA-256", (64,)),
        sha1=hexadecimal(statement.sha1, "a SHA-1", (40,)),
        md5=hexadecimal(statement.md5, "an MD5", (32,)),
        authentihash=hexadecimal(statement.authentihash, "an Authentihash", (40, 64)),
    )
    said = {name: str(value) for name, value in asdict(clean).items() if value and name != "known_from"}
    digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return LedgerEntry(digest[:12], clean)


def rows(entries: Iterable[LedgerEntry]) -> pa.Table:
    """Rows of :data:`lodger.model.statement.STATEMENT`."""
    return pa.Table.from_pylist([{"id": each.id, **asdict(each.statement)} for each in entries], schema=STATEMENT)


def from_rows(table: pa.Table) -> list[LedgerEntry]:
    """The statements of rows of :data:`lodger.model.statement.STATEMENT`, in their order."""
    return [_entry(row) for row in table.to_pylist()]


def _entry(row: dict[str, Any]) -> LedgerEntry:
    fields = {name: value for name, value in row.items() if name not in {"id", "kind", "shared"}}
    return LedgerEntry(row["id"], Statement(kind=Kind(row["kind"]), shared=bool(row["shared"]), **fields))
