"""From a file to statements: what it is, is told by its content."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from lodger.errors import InputError
from lodger.ledger import certificates, drivers, lists
from lodger.ledger.rows import identified
from lodger.model.trust import LedgerEntry, Statement
from lodger.trust.inputs import content_of

#: Lines about bad entries of one file; the rest is counted.
PROBLEMS: Final = 5

#: What a JSON list can be, by what its first entries have.
FORMS: Final[
    dict[str, tuple[Callable[[dict[str, Any]], bool], Callable[[dict[str, Any], datetime], Iterable[Statement]]]]
] = {
    "drivers": (drivers.fits, drivers.statements),
    "certificates": (certificates.fits, certificates.statements),
}


@dataclass(frozen=True)
class Listing:
    """What a file says: its form, how many entries were read, the statements, and what was wrong with others."""

    form: str
    read: int
    entries: tuple[LedgerEntry, ...]
    refused: int
    problems: tuple[str, ...]


def read_file(path: Path, known_from: datetime) -> Listing:
    """The statements of one file, learned at ``known_from`` (UTC, no zone).

    Raises :class:`InputError` for a file that cannot be read or is no such list; of a list, bad entries are counted.
    """
    content = content_of(path)
    if content.lstrip()[:1] in {b"[", b"{"}:
        form, said = _json(path, content)
        return _listing(form, said, FORMS[form][1], known_from)
    found = lists.revocations(path, content)
    return _listing("revocation list", found, lists.statements, known_from)


def _json(path: Path, content: bytes) -> tuple[str, list[Any]]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {str(error)[:120]}") from error
    said = value if isinstance(value, list) else [value]
    for form, (fits, _) in FORMS.items():
        if any(isinstance(each, dict) and fits(each) for each in said[:100]):
            return form, said
    raise InputError(f"{path}: no list of certificates or drivers", advice="docs/trust-ledger.md tells what is read")


def _listing(
    form: str, said: Iterable[Any], read: Callable[[Any, datetime], Iterable[Statement]], known_from: datetime
) -> Listing:
    entries: dict[str, LedgerEntry] = {}
    problems: list[str] = []
    count = refused = 0
    for count, each in enumerate(said, start=1):
        try:
            for entry in _identified(read, each, known_from):
                entries.setdefault(entry.id, entry)
        except InputError as error:
            refused += 1
            problems += [f"entry {count}: {error}"] * (len(problems) < PROBLEMS)
    return Listing(form, count, tuple(entries.values()), refused, tuple(problems))


def _identified(
    read: Callable[[Any, datetime], Iterable[Statement]], each: Any, known_from: datetime
) -> Iterator[LedgerEntry]:
    # All of an entry or nothing: half of it would say something else.
    yield from [identified(statement) for statement in read(each, known_from)]
